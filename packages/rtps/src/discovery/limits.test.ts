import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Scene } from '../testing/scene.ts';
import { WirePeer } from '../testing/wire-peer.ts';
import { ENTITYID_SPDP_WRITER } from '../wire/entity-ids.ts';
import { octetsOf } from '../wire/guid-octets.ts';
import { MessageWriter } from '../wire/message-writer.ts';
import { encodeParticipantData } from './participant-data.ts';
import { MAX_PEERS } from './peer-table.ts';

/** The announcement of a participant that claims to live for ever. */
function announcement(number: number, name = `made up ${number}`): Uint8Array[] {
  const prefix = `0110${number.toString(16).padStart(20, '0')}`;
  const payload = encodeParticipantData({
    guidPrefix: prefix,
    domainId: 0,
    name,
    userData: new Uint8Array(0),
    properties: {},
    leaseMs: Number.POSITIVE_INFINITY,
    metatrafficUnicast: [{ address: '10.0.0.77', port: 7500 }],
    metatrafficMulticast: [],
    defaultUnicast: [{ address: '10.0.0.77', port: 7501 }],
  });
  const message = new MessageWriter(octetsOf(prefix));
  message.begin();
  message.data({
    readerId: 0,
    writerId: ENTITYID_SPDP_WRITER,
    sequenceNumber: 1,
    inlineQos: undefined,
    payload,
    payloadIsKey: false,
  });
  return message.finish().map((part) => part.slice());
}

async function flooded() {
  const scene = new Scene();
  const alice = await scene.join('10.0.0.1');
  const flood = new WirePeer({ target: alice });
  await flood.open(scene);
  return { scene, alice, flood };
}

describe('limits of participant discovery', () => {
  it('does not let made-up participants lock a newcomer out: the silent make room', async () => {
    const { scene, alice, flood } = await flooded();
    for (let number = 1; number <= MAX_PEERS + 1; number += 1) flood.sendBytes(announcement(number));
    await scene.pass(10);
    assert.equal(alice.participants().length, MAX_PEERS);
    assert.equal(alice.facts().dropped['participants-full'], 1);

    await scene.pass(61_000);
    const bob = await scene.join('10.0.0.2', { name: 'bob' });
    await scene.until(() => alice.participants().some(({ name }) => name === 'bob'));
    assert.equal(alice.participants().length, MAX_PEERS);
    assert.ok(bob.participants().length > 0);
  });

  it('refuses an announcement that is larger than any real one', async () => {
    const { scene, alice, flood } = await flooded();
    flood.sendBytes(announcement(1, 'x'.repeat(20_000)));
    await scene.pass(10);
    assert.equal(alice.participants().length, 0);
    assert.deepEqual(alice.facts().dropped, { 'malformed-participant': 1 });
  });
});
