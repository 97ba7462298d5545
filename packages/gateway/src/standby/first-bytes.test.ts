import assert from 'node:assert/strict';
import { duplexPair } from 'node:stream';
import { test } from 'node:test';
import { connect } from 'node:tls';
import { seededRandom } from '@medkit/edges';
import { UPLINK_PROTOCOL } from '@medkit/tunnel/front';
import { beginsUplink, MAX_FIRST_BYTES } from './first-bytes.ts';

const PATHS = ['/api/v1/x-medkit-fleet/uplink', '/hub/api/v1/x-medkit-fleet/uplink'];
const HEADERS = 'Host: hub\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';

/** The first message of a client of TLS. */
async function helloOf(protocols: readonly string[], servername = 'hub.example'): Promise<Buffer> {
  const [near, far] = duplexPair();
  const socket = connect({ socket: near, servername, ALPNProtocols: [...protocols] }).on('error', () => undefined);
  const hello = await new Promise<Buffer>((resolve) => far.once('data', resolve));
  socket.destroy();
  return hello;
}

test('a request to upgrade the path of the uplink is an uplink, with and without the public path', () => {
  const cases: readonly (readonly [string, boolean | undefined])[] = [
    [`GET ${PATHS[0]} HTTP/1.1\r\n${HEADERS}`, true],
    [`GET ${PATHS[1]}?v=1 HTTP/1.1\r\n${HEADERS}`, true],
    [`GET ${PATHS[0]} HTTP/1.1\r\n${HEADERS.replace('Upgrade: websocket', 'UPGRADE:WebSocket ')}`, true],
    [`GET ${PATHS[0]}s HTTP/1.1\r\n${HEADERS}`, false],
    [`GET /other${PATHS[0]} HTTP/1.1\r\n${HEADERS}`, false],
    [`GET ${PATHS[0]} HTTP/1.1\r\nHost: hub\r\n\r\nUpgrade: websocket\r\n`, false],
    [`GET ${PATHS[0]} HTTP/1.1\r\nX-Upgrade: websocket\r\n\r\n`, false],
    [`POST ${PATHS[0]} HTTP/1.1\r\n${HEADERS}`, false],
    ['GET /api/v1/health HTTP/1.1\r\n', false],
    ['PRI * HTTP/2.0\r\n\r\n', false],
    ['', undefined],
    ['GET /api/v1/x-', undefined],
    [`GET ${PATHS[0]}`, undefined],
    [`GET ${PATHS[0]} HTTP/1.1\r\n${HEADERS.slice(0, -2)}`, undefined],
    [`GET ${PATHS[0]} HTTP/1.1\r\nX: ${'x'.repeat(MAX_FIRST_BYTES)}`, false],
  ];
  for (const [text, expected] of cases)
    assert.equal(beginsUplink(Buffer.from(text), PATHS), expected, text.slice(0, 90));
});

test('a ClientHello is an uplink if it offers the protocol, at any place of the list', async () => {
  const cases: readonly (readonly [readonly string[], boolean])[] = [
    [[UPLINK_PROTOCOL, 'http/1.1'], true],
    [['h2', 'http/1.1', UPLINK_PROTOCOL], true],
    [['h2', 'http/1.1'], false],
    [['medkit-uplink/10'], false],
    [[], false],
  ];
  for (const [protocols, expected] of cases)
    assert.equal(beginsUplink(await helloOf(protocols), PATHS), expected, protocols.join());
  assert.equal(beginsUplink(await helloOf(['http/1.1'], 'medkit-uplink-1.example'), PATHS), false);
});

test('each beginning of a ClientHello needs more bytes, and what follows it does not count', async () => {
  const hello = await helloOf([UPLINK_PROTOCOL]);
  for (let length = 0; length < hello.length; length++)
    assert.equal(beginsUplink(hello.subarray(0, length), PATHS), undefined, `${length}`);
  assert.equal(beginsUplink(Buffer.concat([hello, Buffer.alloc(100, 255)]), PATHS), true);
});

test('a changed ClientHello never throws; a message that is too long or has several records is no uplink', async () => {
  const hello = await helloOf([UPLINK_PROTOCOL, 'http/1.1']);
  const random = seededRandom(11);
  for (let round = 0; round < 20_000; round++) {
    const changed = Buffer.from(hello);
    for (let each = 0; each < 3; each++) changed[Math.floor(random.float() * changed.length)] = random.float() * 256;
    beginsUplink(changed.subarray(0, Math.ceil(random.float() * changed.length)), PATHS);
  }
  const long = Buffer.concat([Buffer.of(22, 3, 1, 255, 255), Buffer.alloc(10)]);
  assert.equal(beginsUplink(long, PATHS), false);
  // The record ends within the message.
  const short = Buffer.from(hello);
  short.writeUInt16BE(60, 3);
  assert.equal(beginsUplink(short, PATHS), false);
  assert.equal(beginsUplink(Buffer.concat([Buffer.of(22, 3, 1, 0, 4, 2), Buffer.alloc(3)]), PATHS), false);
});
