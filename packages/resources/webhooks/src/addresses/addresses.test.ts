import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { SimulatedClock, SimulatedNames } from '@medkit/edges/testing';
import { nonPublicKind } from './address-kind.ts';
import { AddressRanges, isAddress } from './address-ranges.ts';
import { allowedTargets } from './allowed-targets.ts';
import { TargetAddresses, TargetRefused } from './target-addresses.ts';

const holds = (range: string, address: string): boolean => {
  const ranges = new AddressRanges();
  return ranges.add(range) && ranges.has(address);
};

describe('an IP address', () => {
  it('is the same in any notation', () => {
    assert.ok(holds('10.0.0.1', '::ffff:10.0.0.1'));
    assert.ok(holds('::ffff:10.0.0.1', '::FFFF:a00:1'));
    assert.ok(holds('::ffff:10.0.0.1', '10.0.0.1'));
    assert.ok(holds('fe80:0:0:0:0:0:0:1', 'fe80::1%eth0'));
    assert.ok(holds('fe80::1%eth0', 'fe80::1'));
  });

  it('is nothing else', () => {
    const others = ['', '1.2.3', '1.2.3.256', '1.2.3.4.5', ':', ':::', '1::2::3', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9'];
    for (const text of [...others, '12345::', '::1.2.3', '::g', 'example.com', '0x7f.1', '%eth0', '1.2.3.04']) {
      assert.ok(!isAddress(text), text);
      assert.ok(!new AddressRanges().add(text), text);
    }
  });

  it('is recognised in every form that the URL parser produces', () => {
    const random = seededRandom(11);
    for (let round = 0; round < 500; round++) {
      const groups = Array.from(random.bytes(8), (octet) => (octet < 128 ? 0 : octet * 257).toString(16));
      const { hostname } = new URL(`http://[${groups.join(':')}]/`);
      assert.ok(holds(groups.join(':'), hostname.slice(1, -1)), hostname);
    }
  });
});

describe('a range of addresses', () => {
  it('contains the addresses with the same first bits', () => {
    assert.ok(holds('192.168.7.0/24', '192.168.7.255'));
    assert.ok(!holds('192.168.7.0/24', '192.168.8.0'));
    assert.ok(holds('10.0.0.5', '::ffff:10.0.0.5'));
    assert.ok(!holds('10.0.0.5', '10.0.0.4'));
    assert.ok(holds('0.0.0.0/0', '8.8.8.8') && !holds('0.0.0.0/0', '2a00::1'));
    assert.ok(holds('fd00::/8', 'fd12::1'));
    for (const none of ['10.0.0.0/33', 'fd00::/129', '10.0.0.0/', '/8', 'host/8'])
      assert.ok(!new AddressRanges().add(none), none);
  });
});

describe('an address that is not public', () => {
  it('is recognised by its kind', () => {
    const kinds: Readonly<Record<string, string>> = {
      '0.0.0.0': 'an unspecified',
      '0.1.2.3': 'an unspecified',
      '::': 'an unspecified',
      '127.0.0.1': 'a loopback',
      '127.255.0.1': 'a loopback',
      '::1': 'a loopback',
      '10.1.2.3': 'a private',
      '172.16.0.1': 'a private',
      '172.31.255.255': 'a private',
      '192.168.0.1': 'a private',
      '100.64.0.1': 'a private',
      '100.127.255.255': 'a private',
      'fc00::1': 'a private',
      'fd12:3456::1': 'a private',
      '169.254.169.254': 'a link-local',
      'fe80::1%eth0': 'a link-local',
      '224.0.0.251': 'a multicast',
      'ff02::fb': 'a multicast',
      '255.255.255.255': 'a reserved',
      '198.18.0.1': 'a reserved',
      '2001:db8::1': 'a reserved',
      '4000::1': 'a reserved',
      '2002:a00:1::': 'a translated',
      '2001:0:1::': 'a translated',
      // The same addresses in other notations.
      '::ffff:169.254.169.254': 'a link-local',
      '::ffff:7f00:1': 'a loopback',
      '::10.0.0.1': 'a reserved',
      '64:ff9b::10.0.0.1': 'a private',
      '64:ff9b::a9fe:a9fe': 'a link-local',
      '64:ff9b:1::1': 'a translated',
    };
    for (const [text, kind] of Object.entries(kinds)) assert.equal(nonPublicKind(text), kind, text);
  });

  it('is not adjacent to its range', () => {
    const open = ['8.8.8.8', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '172.15.0.1', '172.32.0.1'];
    for (const text of [...open, '169.253.1.1', '223.255.255.255', '2a00:1450::1', '64:ff9b::8.8.8.8']) {
      assert.equal(nonPublicKind(text), undefined, text);
    }
  });
});

describe('allowed targets', () => {
  it('are names, addresses and ranges; anything else is reported', () => {
    const { allowed, notUnderstood } = allowedTargets([
      'Receiver.LAN.',
      'my_robot',
      '10.0.0.5',
      '[fd00::7]',
      '192.168.7.0/24',
      '1.2.3',
      'a b',
      'http://x',
      '*.lan',
    ]);
    assert.deepEqual(notUnderstood, ['1.2.3', 'a b', 'http://x', '*.lan']);
    assert.ok(allowed.hasName('receiver.lan') && allowed.hasName('MY_ROBOT') && !allowed.hasName('other.lan'));
    for (const text of ['10.0.0.5', '::ffff:10.0.0.5', 'fd00::7', '192.168.7.9']) {
      assert.ok(allowed.hasAddress(text), text);
    }
    assert.ok(!allowed.hasAddress('10.0.0.6'));
  });
});

describe('the addresses of a receiver', () => {
  function setUp(addresses: Record<string, readonly string[]>, entries: readonly string[] = []) {
    const clock = new SimulatedClock();
    const names = new SimulatedNames(addresses);
    const targets = new TargetAddresses({ names, clock, allowed: allowedTargets(entries).allowed });
    return { clock, names, find: (url: string, turn = 0) => targets.addressOf(new URL(url), turn), targets };
  }

  it('are those of its name, in turn', async () => {
    const { find, names } = setUp({ 'receiver.example': ['2a00::1', '8.8.8.8'] });
    assert.equal(await find('https://receiver.example/x'), '2a00::1');
    assert.equal(await find('https://RECEIVER.example./x', 1), '8.8.8.8');
    assert.equal(await find('https://receiver.example/x', 2), '2a00::1');
    assert.deepEqual(names.lookups, ['receiver.example']);
  });

  it('are rejected if one of them is not public, with the remedy', async () => {
    const { find, targets } = setUp({ 'evil.example': ['8.8.8.8', '169.254.169.254'], 'odd.example': ['?'] });
    await assert.rejects(find('http://evil.example/'), (error) => {
      assert.ok(error instanceof TargetRefused);
      assert.equal(
        error.message,
        'evil.example is at 169.254.169.254, a link-local address: to allow it, add it to webhooks.allowed_targets',
      );
      return true;
    });
    await assert.rejects(find('http://odd.example/'), TargetRefused);
    for (const url of [
      'http://127.0.0.1/',
      'http://[::1]/',
      'http://[::ffff:10.0.0.1]/',
      'http://0x7f.1/',
      'http://2130706433/',
    ]) {
      await assert.rejects(find(url), TargetRefused, url);
      assert.match(targets.problemOf(new URL(url)) ?? '', /webhooks\.allowed_targets/, url);
    }
    assert.equal(targets.problemOf(new URL('http://8.8.8.8/')), undefined);
    assert.equal(targets.problemOf(new URL('http://evil.example/')), undefined);
  });

  it('are rejected if the name resolves to none: nothing would have been checked', async () => {
    await assert.rejects(setUp({ 'empty.example': [] }).find('http://empty.example/'), TargetRefused);
  });

  it('may be private if the name or the address is allowed', async () => {
    const { find } = setUp({ lan: ['10.0.0.5'], other: ['10.0.0.5'], third: ['10.0.0.6'] }, ['lan', '10.0.0.5']);
    for (const url of ['http://lan/', 'http://other/', 'http://10.0.0.5/']) assert.equal(await find(url), '10.0.0.5');
    await assert.rejects(find('http://third/'), TargetRefused);
  });

  it('are checked on every lookup, and looked up again after a while', async () => {
    const { find, names, clock } = setUp({ 'rebinds.example': ['8.8.8.8'] });
    assert.equal(await find('http://rebinds.example/'), '8.8.8.8');
    names.addresses['rebinds.example'] = ['127.0.0.1'];
    assert.equal(await find('http://rebinds.example/'), '8.8.8.8', 'what was checked is what is connected to');
    clock.advance(10_001);
    await assert.rejects(find('http://rebinds.example/'), /127\.0\.0\.1, a loopback/);
  });

  it('are looked up once for all waiting deliveries, again after a failure, and not cached forever', async () => {
    const { find, names, clock } = setUp({});
    const both = await Promise.allSettled([find('http://unknown/'), find('http://unknown/')]);
    assert.deepEqual(
      both.map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    assert.equal(names.lookups.length, 1);
    names.addresses['unknown'] = ['8.8.8.8'];
    assert.equal(await find('http://unknown/'), '8.8.8.8');
    names.addressesOf = () => new Promise(() => undefined);
    const stuck = find('http://stuck/');
    clock.advance(10_001);
    await assert.rejects(stuck, /address of stuck was not resolved within 10000 ms/);
    assert.equal(clock.timers, 0);
  });
});
