import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RELIABLE, Scene, TOPIC } from '../testing/scene.ts';

const LEASE_MS = 10_000;

async function stage() {
  const scene = new Scene();
  const losses: string[] = [];
  const alice = await scene.join('10.0.0.1', {
    leaseMs: LEASE_MS,
    listener: { participantLost: ({ name }, reason) => losses.push(`${name} ${reason}`) },
  });
  const bob = await scene.join('10.0.0.2', { name: 'bob', leaseMs: LEASE_MS });
  await scene.until(() => alice.participants().length === 1 && bob.participants().length === 1);
  return { scene, alice, bob, losses };
}

describe('a process that stood still', () => {
  it('does not treat a participant as dead that could not be received meanwhile', async () => {
    const { scene, alice, bob, losses } = await stage();
    for (const ms of [25_000, 12_000, 60_000]) {
      scene.clock.standStill(ms);
      await scene.pass(100);
      assert.equal(alice.participants().length, 1);
    }
    await scene.pass(2 * LEASE_MS);
    assert.deepEqual(losses, []);
    await Promise.all([alice.close(), bob.close()]);
  });

  it('notices a participant that died meanwhile when it has been silent for its lease since', async () => {
    const { scene, alice, losses } = await stage();
    scene.network.setLink('10.0.0.2', false);
    scene.clock.standStill(25_000);
    await scene.pass(LEASE_MS - 5000);
    assert.deepEqual(losses, []);
    await scene.pass(7000);
    assert.deepEqual(losses, ['bob lease']);
    await alice.close();
  });

  it('does not treat a writer as dead that could not be received meanwhile', async () => {
    const { scene, alice, bob } = await stage();
    const changes: boolean[] = [];
    const liveliness = { kind: 'automatic', leaseMs: 2000 } as const;
    alice.createReader({
      ...TOPIC,
      qos: { ...RELIABLE, liveliness },
      onSample: () => undefined,
      onLivelinessChanged: (_writer, alive) => changes.push(alive),
    });
    const writer = bob.createWriter({ ...TOPIC, qos: { ...RELIABLE, liveliness } });
    await scene.until(() => writer.matched().length === 1);
    scene.clock.standStill(25_000);
    await scene.pass(3000);
    assert.deepEqual(changes, []);
    await Promise.all([alice.close(), bob.close()]);
  });
});
