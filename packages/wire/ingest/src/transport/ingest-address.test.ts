import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ingestAddress } from './ingest-address.ts';
import { missingKeyProblem, readIngestKey } from './ingest-key.ts';

describe('an address', () => {
  it('is a port of the loopback interface, or a Unix socket', () => {
    assert.deepEqual(ingestAddress('udp:127.0.0.1:7799'), { kind: 'udp', host: '127.0.0.1', port: 7799 });
    assert.deepEqual(ingestAddress('udp:127.3.2.1:0'), { kind: 'udp', host: '127.3.2.1', port: 0 });
    assert.deepEqual(ingestAddress('udp:localhost:1'), { kind: 'udp', host: '127.0.0.1', port: 1 });
    assert.deepEqual(ingestAddress('unix:/run/a:b.sock'), { kind: 'unix', path: '/run/a:b.sock' });
  });

  it('is refused with a message if it is anything else', () => {
    for (const [text, problem] of [
      [
        'udp:0.0.0.0:7799',
        /"udp:0\.0\.0\.0:7799": 0\.0\.0\.0 is not an address of the loopback interface: use 127\.0\.0\.1/,
      ],
      ['udp:192.168.1.2:7799', /192\.168\.1\.2 is not an address of the loopback interface/],
      ['udp:239.255.0.1:7799', /is not an address of the loopback/],
      ['udp:127.0.0.256:7799', /is not an address of the loopback/],
      ['udp:[::1]:7799', /is not an address of the loopback/],
      ['udp:127.0.0.1.example.org:7799', /is not an address of the loopback/],
      ['udp:127.0.0.1', /expected udp:127\.0\.0\.1:<port>, with a port/],
      ['udp:127.0.0.1:65536', /with a port of up to 65535/],
      ['unix:island.sock', /expected an absolute path/],
      ['unix:', /expected an absolute path/],
      ['unix:/a\0b', /expected an absolute path/],
      [`unix:/${'x'.repeat(107)}`, /has 108 octets: a socket may have 107/],
      ['tcp:127.0.0.1:80', /"tcp:127\.0\.0\.1:80": expected udp:127\.0\.0\.1:<port> or unix:/],
      ['', /expected udp:/],
    ] as const) {
      assert.throws(() => ingestAddress(text), problem);
    }
  });
});

describe('a key', () => {
  const digits = `00ff${'7A'.repeat(30)}`;

  it('is 64 hexadecimal digits, with white space around them', () => {
    const key = Uint8Array.from([0, 255, ...Array.from({ length: 30 }, () => 0x7a)]);
    assert.deepEqual(readIngestKey(digits), key);
    assert.deepEqual(readIngestKey(`\n ${digits}\r\n`), key);
  });

  it('is refused with the remedy, and never shown, if it is anything else', () => {
    for (const text of ['', digits.slice(1), `${digits}0`, digits.replace('f', 'g'), `${digits} ${digits}`]) {
      assert.throws(() => readIngestKey(text), {
        message: 'a key has 64 hexadecimal digits; make one with: openssl rand -hex 32',
      });
    }
  });

  it('is needed for a port, to which every process can send, and not for a Unix socket', () => {
    const udp = ingestAddress('udp:127.0.0.1:7799');
    assert.match(missingKeyProblem(udp, undefined) ?? '', /^udp:127\.0\.0\.1:7799 needs a key.*openssl rand -hex 32/);
    assert.equal(missingKeyProblem(udp, readIngestKey(digits)), undefined);
    assert.equal(missingKeyProblem(ingestAddress('unix:/a'), undefined), undefined);
  });
});
