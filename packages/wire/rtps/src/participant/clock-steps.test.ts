import assert from 'node:assert/strict';
import { it } from 'node:test';
import { KEEP_ALL, numberIn, payloadOf, RELIABLE, Scene, TOPIC } from '../testing/scene.ts';

const HOUR_MS = 3_600_000;

it('steps of the wall clock end no lease, delay no sample and expire none', async () => {
  for (const stepMs of [HOUR_MS, -HOUR_MS]) {
    const scene = new Scene({ conditions: { loss: 0.1 } });
    const values: number[] = [];
    const sentAt: number[] = [];
    let lost = 0;
    const listener = {
      participantLost: () => {
        lost += 1;
      },
    };
    const alice = await scene.join('10.0.0.1', { listener });
    const bob = await scene.join('10.0.0.2', { listener });
    bob.createReader({
      ...TOPIC,
      qos: RELIABLE,
      onSample: (sample) => {
        values.push(numberIn(sample));
        sentAt.push(sample.sourceSeconds);
      },
    });
    const writer = alice.createWriter({ ...TOPIC, qos: { ...KEEP_ALL, lifespanMs: 5000 } });
    await scene.until(() => writer.matched().length === 1);
    for (let value = 1; value <= 40; value += 1) {
      writer.write(payloadOf(value));
      if (value % 10 === 0) scene.clock.stepWall(stepMs);
      await scene.pass(100);
    }
    await scene.until(() => values.length === 40, 2000);
    await scene.pass(30_000);
    assert.equal(lost, 0);
    assert.deepEqual(
      values,
      Array.from({ length: 40 }, (_, index) => index + 1),
    );
    // Source timestamps follow the wall clock; no decision depends on it.
    assert.equal(Math.round(((sentAt.at(-1) ?? 0) - sentAt[0]) / 3600), (3 * stepMs) / HOUR_MS);
  }
});
