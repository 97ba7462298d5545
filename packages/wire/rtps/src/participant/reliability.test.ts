import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Sample } from '../model/sample.ts';
import { KEEP_ALL, LATCHED, numberIn, payloadOf, RELIABLE, Scene, TOPIC } from '../testing/scene.ts';

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

describe('a reliable writer and a reliable reader', () => {
  for (let seed = 1; seed <= 8; seed += 1) {
    const conditions = { loss: 0.2, duplication: 0.2, reordering: 0.2, reorderMs: 8, latencyMs: 0.2 };

    it(`lose, duplicate and reorder nothing on a bad network (small samples, seed ${seed})`, async () => {
      const scene = new Scene({ seed, conditions });
      const values: number[] = [];
      const alice = await scene.join('10.0.0.1');
      const bob = await scene.join('10.0.0.2');
      bob.createReader({ ...TOPIC, qos: RELIABLE, onSample: (sample) => values.push(numberIn(sample)) });
      const writer = alice.createWriter({ ...TOPIC, qos: KEEP_ALL });
      await scene.until(() => writer.matched().length === 1);
      for (const value of upTo(300)) {
        writer.write(payloadOf(value, 8 + (value % 90)));
        if (value % 10 === 0) await scene.pass(3);
      }
      await scene.until(() => values.length >= 300);
      await scene.pass(2000);
      assert.deepEqual(values, upTo(300));
    });

    it(`lose, duplicate and reorder nothing on a bad network (fragments, seed ${seed})`, async () => {
      const scene = new Scene({ seed, conditions });
      const values: number[] = [];
      const alice = await scene.join('10.0.0.1');
      const bob = await scene.join('10.0.0.2');
      bob.createReader({ ...TOPIC, qos: RELIABLE, onSample: (sample) => values.push(numberIn(sample)) });
      const writer = alice.createWriter({ ...TOPIC, qos: KEEP_ALL });
      await scene.until(() => writer.matched().length === 1);
      for (const value of upTo(12)) {
        writer.write(payloadOf(value, value % 3 === 0 ? 100 : 60_000 * (value % 5)));
        await scene.pass(5);
      }
      await scene.until(() => values.length >= 12);
      await scene.pass(2000);
      assert.deepEqual(values, upTo(12));
      assert.equal(bob.facts().dropped['listener-threw'], undefined);
    });
  }

  it('repair lost fragments with requests in proportion to the loss', async () => {
    const scene = new Scene({ seed: 3, conditions: { latencyMs: 1 } });
    const values: number[] = [];
    const alice = await scene.join('10.0.0.1');
    const bob = await scene.join('10.0.0.2');
    bob.createReader({ ...TOPIC, qos: RELIABLE, onSample: (sample) => values.push(numberIn(sample)) });
    const writer = alice.createWriter({ ...TOPIC, qos: KEEP_ALL });
    await scene.until(() => writer.matched().length === 1);
    await scene.pass(1000);
    const sentBefore = bob.facts().datagrams.sent;
    const writtenBefore = alice.facts().datagrams.sent;
    scene.network.conditions = { latencyMs: 1, loss: 0.1 };
    for (const value of upTo(100)) {
      writer.write(payloadOf(value, 64_000));
      await scene.pass(1);
    }
    await scene.until(() => values.length === 100);
    // 500 fragments with 10 % loss: repairs and repair requests stay proportional to the loss.
    assert.ok(bob.facts().datagrams.sent - sentBefore < 300, `${bob.facts().datagrams.sent - sentBefore} requests`);
    assert.ok(
      alice.facts().datagrams.sent - writtenBefore < 800,
      `${alice.facts().datagrams.sent - writtenBefore} sent`,
    );
    assert.deepEqual(values, upTo(100));
  });

  it('acknowledge: `acknowledged` is true once all has arrived, and false in time if nothing arrives', async () => {
    const scene = new Scene();
    const alice = await scene.join('10.0.0.1');
    const bob = await scene.join('10.0.0.2');
    bob.createReader({ ...TOPIC, qos: RELIABLE, onSample: () => undefined });
    const writer = alice.createWriter({ ...TOPIC, qos: KEEP_ALL });
    await scene.until(() => writer.matched().length === 1);
    writer.write(payloadOf(1));
    let answer: boolean | undefined;
    writer.acknowledged(1000).then((value) => {
      answer = value;
    });
    await scene.pass(50);
    assert.equal(answer, true);
    scene.network.setLink('10.0.0.2', false);
    writer.write(payloadOf(2));
    answer = undefined;
    writer.acknowledged(1000).then((value) => {
      answer = value;
    });
    await scene.pass(900);
    assert.equal(answer, undefined);
    await scene.pass(200);
    assert.equal(answer, false);
  });

  it('report samples that a keep-last writer overwrote before they arrived', async () => {
    const scene = new Scene();
    const values: number[] = [];
    let lost = 0;
    const alice = await scene.join('10.0.0.1');
    const bob = await scene.join('10.0.0.2');
    bob.createReader({
      ...TOPIC,
      qos: RELIABLE,
      onSample: (sample) => values.push(numberIn(sample)),
      onLost: (_writer, count) => {
        lost += count;
      },
    });
    const writer = alice.createWriter({ ...TOPIC, qos: { ...RELIABLE, history: { kind: 'keep-last', depth: 3 } } });
    await scene.until(() => writer.matched().length === 1);
    writer.write(payloadOf(0));
    await scene.pass(100);
    scene.network.setLink('10.0.0.2', false);
    for (const value of upTo(10)) writer.write(payloadOf(value + 1));
    await scene.pass(100);
    scene.network.setLink('10.0.0.2', true);
    await scene.until(() => values.length === 4);
    assert.deepEqual(values, [0, 8, 9, 10]);
    assert.equal(lost, 7);
  });
});

describe('durability', () => {
  it('loses no sample from a transient-local writer to a volatile reader once they are matched', async () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const scene = new Scene({ seed, conditions: { loss: 0.3, reordering: 0.2 } });
      const values: number[] = [];
      const alice = await scene.join('10.0.0.1');
      const bob = await scene.join('10.0.0.2');
      const writer = alice.createWriter({ ...TOPIC, qos: LATCHED });
      writer.write(payloadOf(1000));
      bob.createReader({ ...TOPIC, qos: RELIABLE, onSample: (sample) => values.push(numberIn(sample)) });
      await scene.until(() => writer.matched().length === 1);
      for (const value of upTo(20)) {
        writer.write(payloadOf(value));
        await scene.pass(1);
      }
      await scene.until(() => values.length === 20);
      assert.deepEqual(values, upTo(20));
    }
  });

  it('gives a late transient-local reader the history, and a late volatile one nothing of it', async () => {
    for (const conditions of [{}, { loss: 0.2, reordering: 0.2 }]) {
      const scene = new Scene({ seed: 5, conditions });
      const latched: number[] = [];
      const fresh: number[] = [];
      const alice = await scene.join('10.0.0.1');
      const writer = alice.createWriter({ ...TOPIC, qos: { ...LATCHED, history: { kind: 'keep-last', depth: 5 } } });
      for (const value of upTo(20)) writer.write(payloadOf(value, value === 17 ? 50_000 : 100));
      const bob = await scene.join('10.0.0.2');
      bob.createReader({ ...TOPIC, qos: LATCHED, onSample: (sample) => latched.push(numberIn(sample)) });
      bob.createReader({ ...TOPIC, qos: RELIABLE, onSample: (sample) => fresh.push(numberIn(sample)) });
      await scene.until(() => latched.length === 5);
      await scene.pass(3000);
      writer.write(payloadOf(20));
      await scene.until(() => latched.length === 6 && fresh.length === 1);
      assert.deepEqual(latched, [15, 16, 17, 18, 19, 20]);
      assert.deepEqual(fresh, [20]);
    }
  });

  it('keeps the latest of each instance of a keyed topic', async () => {
    const scene = new Scene();
    const samples: Sample[] = [];
    const key = (value: number): Uint8Array => new Uint8Array(16).fill(value);
    const alice = await scene.join('10.0.0.1');
    const writer = alice.createWriter({
      ...TOPIC,
      keyed: true,
      qos: { ...LATCHED, history: { kind: 'keep-last', depth: 1 } },
    });
    writer.write(payloadOf(1), { keyHash: key(1) });
    writer.write(payloadOf(2), { keyHash: key(2) });
    writer.write(payloadOf(3), { keyHash: key(1) });
    const bob = await scene.join('10.0.0.2');
    bob.createReader({ ...TOPIC, keyed: true, qos: LATCHED, onSample: (sample) => samples.push(sample) });
    await scene.until(() => samples.length === 2);
    assert.deepEqual(samples.map(numberIn), [2, 3]);
    assert.deepEqual(samples[1].keyHash, key(1));
    writer.dispose(key(1));
    writer.unregister(key(2));
    await scene.until(() => samples.length === 4);
    assert.deepEqual(
      samples.slice(2).map(({ change, keyHash, payload }) => [change, keyHash, payload.length]),
      [
        ['disposed', key(1), 0],
        ['unregistered', key(2), 0],
      ],
    );
  });

  it('does not send samples again that are older than their lifespan', async () => {
    const scene = new Scene();
    const values: number[] = [];
    const alice = await scene.join('10.0.0.1');
    const writer = alice.createWriter({ ...TOPIC, qos: { ...LATCHED, lifespanMs: 1000 } });
    writer.write(payloadOf(1));
    await scene.pass(900);
    writer.write(payloadOf(2));
    await scene.pass(500);
    const bob = await scene.join('10.0.0.2');
    bob.createReader({ ...TOPIC, qos: LATCHED, onSample: (sample) => values.push(numberIn(sample)) });
    await scene.until(() => values.length === 1);
    await scene.pass(1000);
    assert.deepEqual(values, [2]);
  });
});
