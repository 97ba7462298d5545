import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { QosPolicies } from '../qos/policies.ts';
import { payloadOf, RELIABLE, Scene, TOPIC } from '../testing/scene.ts';
import { WirePeer } from '../testing/wire-peer.ts';
import { PARTICIPANT_MESSAGES } from './builtin.ts';

async function pair(kind: QosPolicies['liveliness']['kind']) {
  const scene = new Scene();
  const changes: boolean[] = [];
  const alice = await scene.join('10.0.0.1', { leaseMs: 60_000 });
  const bob = await scene.join('10.0.0.2', { leaseMs: 60_000 });
  const liveliness = { kind, leaseMs: 1000 };
  alice.createReader({
    ...TOPIC,
    qos: { liveliness },
    onSample: () => undefined,
    onLivelinessChanged: (_writer, alive) => changes.push(alive),
  });
  const writer = bob.createWriter({ ...TOPIC, qos: { ...RELIABLE, liveliness } });
  const other = bob.createWriter({ ...TOPIC, topicName: 'rt/other', qos: { liveliness } });
  await scene.until(() => writer.matched().length === 1);
  return { scene, changes, writer, other };
}

describe('liveliness', () => {
  it('of automatic writers holds as long as their participant lives', async () => {
    const { scene, changes } = await pair('automatic');
    await scene.pass(10_000);
    assert.deepEqual(changes, []);
    scene.network.setLink('10.0.0.2', false);
    await scene.pass(1500);
    assert.deepEqual(changes, [false]);
    scene.network.setLink('10.0.0.2', true);
    await scene.pass(1500);
    assert.deepEqual(changes, [false, true]);
  });

  it('of manually asserted writers runs out when they stop writing', async () => {
    const { scene, changes, writer } = await pair('manual-by-topic');
    for (let turn = 0; turn < 10; turn += 1) {
      writer.write(payloadOf(turn));
      await scene.pass(500);
    }
    assert.deepEqual(changes, []);
    await scene.pass(1500);
    assert.deepEqual(changes, [false]);
    writer.write(payloadOf(99));
    await scene.pass(500);
    assert.deepEqual(changes, [false, true]);
  });

  it('by participant is asserted by any writer of it', async () => {
    const { scene, changes, other } = await pair('manual-by-participant');
    for (let turn = 0; turn < 10; turn += 1) {
      other.write(payloadOf(turn));
      await scene.pass(500);
    }
    assert.deepEqual(changes, []);
    await scene.pass(1500);
    assert.deepEqual(changes, [false]);
  });

  it('is asserted with the key of the specification', async () => {
    const scene = new Scene();
    const alice = await scene.join('10.0.0.1');
    const peer = new WirePeer({ target: alice });
    await peer.open(scene);
    peer.announce();
    await scene.pass(10);
    peer.answer();
    alice.createWriter({ ...TOPIC, qos: { liveliness: { kind: 'automatic', leaseMs: 3000 } } });
    await scene.pass(50);
    const [message] = peer.of('data', PARTICIPANT_MESSAGES.writerId);
    assert.equal(
      Buffer.from(message.payload!).toString('hex'),
      // CDR_LE, prefix, automatic, no octets.
      `00010000${alice.guidPrefix}0000000100000000`,
    );
    await scene.pass(3100);
    assert.ok(peer.of('data', PARTICIPANT_MESSAGES.writerId).length >= 3);
  });
});
