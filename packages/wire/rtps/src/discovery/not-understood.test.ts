import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Participant } from '../model/api.ts';
import { Scene } from '../testing/scene.ts';
import { WirePeer } from '../testing/wire-peer.ts';
import { CYCLONE_DDS } from '../vendors/cyclone-dds.ts';
import { FAST_DDS } from '../vendors/fast-dds.ts';
import { ENTITYID_SPDP_WRITER } from '../wire/entity-ids.ts';
import { encodeLocator } from '../wire/locator.ts';
import * as pid from '../wire/parameter-ids.ts';
import { ParameterListWriter } from '../wire/parameter-list.ts';
import { MAX_NOT_UNDERSTOOD, NotUnderstoodTable } from './not-understood-table.ts';
import { PL_CDR_LE } from './payload.ts';

const HOME = { address: '10.0.0.77', port: 7500 };

async function setUp(vendor?: number): Promise<{ scene: Scene; alice: Participant; peer: WirePeer }> {
  const scene = new Scene();
  const alice = await scene.join('10.0.0.1');
  const peer = new WirePeer({ target: alice, ...(vendor !== undefined && { vendor }) });
  await peer.open(scene);
  return { scene, alice, peer };
}

/** Announces the peer with its GUID and the parameters that `add` writes. */
function announce(peer: WirePeer, add: (list: ParameterListWriter) => void, metatraffic = HOME): void {
  const list = new ParameterListWriter();
  list.octets(pid.PID_PARTICIPANT_GUID, new Uint8Array(Buffer.from(`${peer.prefix}000001c1`, 'hex')));
  list.octets(pid.PID_METATRAFFIC_UNICAST_LOCATOR, encodeLocator(metatraffic));
  add(list);
  peer.message.begin();
  peer.data(ENTITYID_SPDP_WRITER, 1, list.finish(PL_CDR_LE));
  peer.send();
}

describe('participants that are discovered but not understood', () => {
  const cases: readonly (readonly [string, string, (peer: WirePeer) => void])[] = [
    ['another domain', 'other-domain', (peer) => peer.announce({ domainId: 3 })],
    ['a domain tag', 'domain-tag', (peer) => announce(peer, (list) => list.string(pid.PID_DOMAIN_TAG, 'lab'))],
    [
      'an identity of DDS-Security',
      'secured',
      (peer) => announce(peer, (list) => list.words(pid.PID_IDENTITY_TOKEN, 0)),
    ],
    [
      'addresses that lead nowhere from here',
      'unreachable',
      (peer) => announce(peer, () => undefined, { address: '127.0.0.1', port: 7500 }),
    ],
    [
      'an announcement cut short',
      'malformed',
      (peer) => announce(peer, (list) => list.octets(pid.PID_DOMAIN_ID, new Uint8Array(0))),
    ],
  ];
  for (const [what, reason, say] of cases) {
    it(`are reported with vendor, address and count: ${what}`, async () => {
      const { scene, alice, peer } = await setUp(0x010f);
      say(peer);
      say(peer);
      await scene.pass(1000);
      assert.deepEqual(alice.facts().notUnderstood, [
        {
          guidPrefix: peer.prefix,
          address: '10.0.0.77',
          vendorId: '010f',
          reason,
          count: 2,
          lastReceivedAgoMs: 1000,
        },
      ]);
    });
  }

  it('are known by address alone if they use another major version', async () => {
    const { scene, alice, peer } = await setUp();
    // 'RTPS', version 1.2, vendor 1.1
    peer.sendBytes([Uint8Array.of(0x52, 0x54, 0x50, 0x53, 1, 2, 1, 1, ...new Uint8Array(16))]);
    await scene.pass(10);
    const [{ guidPrefix, address, vendorId, reason }] = alice.facts().notUnderstood;
    assert.deepEqual([guidPrefix, address, vendorId, reason], [undefined, '10.0.0.77', '0101', 'protocol-version']);
  });

  it('do not include participants that are understood, also if that happens later', async () => {
    const { scene, alice, peer } = await setUp();
    await scene.join('10.0.0.2');
    announce(peer, (list) => list.octets(pid.PID_DOMAIN_ID, new Uint8Array(0)));
    await scene.pass(10);
    assert.equal(alice.facts().notUnderstood.length, 1);
    peer.announce();
    await scene.pass(10);
    assert.deepEqual(alice.facts().notUnderstood, []);
  });

  it('do not include secured participants that show their endpoints to all participants', async () => {
    const { scene, alice, peer } = await setUp();
    const secured = (list: ParameterListWriter) => {
      list.words(pid.PID_IDENTITY_TOKEN, 0);
      list.words(pid.PID_BUILTIN_ENDPOINT_SET, 0x3f);
    };
    announce(peer, secured);
    await scene.pass(10);
    peer.announceEndpoint('writer');
    await scene.pass(10);
    announce(peer, secured);
    await scene.pass(10);
    assert.equal(alice.participants()[0].secure, true);
    assert.deepEqual(alice.facts().notUnderstood, []);
  });

  it('are removed when they shut down, and when they fall silent', async () => {
    const { scene, alice, peer } = await setUp();
    peer.announce({ domainId: 3 });
    peer.message.begin();
    peer.message.data({
      readerId: 0,
      writerId: ENTITYID_SPDP_WRITER,
      sequenceNumber: 2,
      payload: new Uint8Array(PL_CDR_LE),
      payloadIsKey: true,
    });
    peer.send();
    await scene.pass(10);
    assert.deepEqual(alice.facts().notUnderstood, []);
    peer.announce({ domainId: 3 });
    await scene.pass(60_000);
    assert.equal(alice.facts().notUnderstood.length, 1);
    await scene.pass(300_000);
    assert.deepEqual(alice.facts().notUnderstood, []);
  });

  it('are bounded: the one silent for longest is removed', () => {
    const table = new NotUnderstoodTable();
    const note = (number: number) =>
      table.note({ guidPrefix: `${number}`, address: 'a', vendor: 1, reason: 'capacity', monotonicMs: number });
    for (let number = 0; number < MAX_NOT_UNDERSTOOD; number += 1) note(number);
    note(0);
    note(MAX_NOT_UNDERSTOOD);
    const listed = table.list(MAX_NOT_UNDERSTOOD).map(({ guidPrefix }) => guidPrefix);
    assert.equal(listed.length, MAX_NOT_UNDERSTOOD);
    assert.deepEqual([listed[0], listed[1], listed.at(-1)], ['64', '0', '2']);
  });
});

describe('the version of the product', () => {
  const versionOf = async (vendor: number, add: (list: ParameterListWriter) => void) => {
    const { scene, alice, peer } = await setUp(vendor);
    announce(peer, (list) => {
      add(list);
      list.octets(pid.PID_VENDOR_ID, Uint8Array.of(vendor >>> 8, vendor & 255));
    });
    await scene.pass(10);
    const [participant] = alice.participants();
    return participant.version;
  };
  const octets =
    (...numbers: readonly number[]) =>
    (list: ParameterListWriter) =>
      list.octets(FAST_DDS.version!.parameter, Uint8Array.from(numbers));
  const text = (value: string, length?: number) => (list: ParameterListWriter) => {
    const bytes = new TextEncoder().encode(`${value}\0`);
    const head = new Uint8Array(24);
    new DataView(head.buffer).setUint32(20, length ?? bytes.length, true);
    list.octets(CYCLONE_DDS.version!.parameter, Uint8Array.of(...head, ...bytes));
  };

  it('is four numbers with Fast DDS and Connext, the last one only if it is used', async () => {
    assert.equal(await versionOf(0x010f, octets(3, 1, 2, 0)), '3.1.2');
    assert.equal(await versionOf(0x0101, octets(6, 1, 2, 5)), '6.1.2.5');
  });

  it('is part of a text with Cyclone DDS', async () => {
    assert.equal(await versionOf(0x0110, text('vm/0.10.2/Linux/Linux')), '0.10.2');
  });

  it('is empty if it is not announced, is invalid, or is of a vendor that uses it for something else', async () => {
    assert.equal(await versionOf(0x010f, () => undefined), '');
    assert.equal(await versionOf(0x010f, octets()), '');
    assert.equal(await versionOf(0x010f, octets(0, 0, 0, 0)), '');
    assert.equal(await versionOf(0x0106, octets(3, 1, 2, 0)), '');
    assert.equal(await versionOf(0x0110, text('vm')), '');
    assert.equal(await versionOf(0x0110, text(`vm/${'9'.repeat(200)}/Linux`)), '');
    assert.equal(await versionOf(0x0110, text('vm/1\u001b[31m/Linux')), '');
    assert.equal(await versionOf(0x0110, text('vm/1.0/Linux', 0xffff_ffff)), '1.0');
    assert.equal(
      await versionOf(0x0110, (list) => list.octets(CYCLONE_DDS.version!.parameter, new Uint8Array(20))),
      '',
    );
  });
});
