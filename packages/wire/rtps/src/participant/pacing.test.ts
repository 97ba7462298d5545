import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { QosPolicies } from '../qos/policies.ts';
import { KEEP_ALL, LATCHED, numberIn, payloadOf, RELIABLE, Scene, TOPIC } from '../testing/scene.ts';

const MEGABYTE = 1024 * 1024;
/** Maximum octets of a sample per datagram. */
const FRAGMENT_BYTES = 14_336;
/** Maximum burst: it fits into the default receive buffer of Linux. */
const BURST_DATAGRAMS = 11;

async function pair(writerQos: Partial<QosPolicies>, readerQos: Partial<QosPolicies>) {
  const scene = new Scene();
  const alice = await scene.join('10.0.0.1');
  const bob = await scene.join('10.0.0.2');
  const values: number[] = [];
  const onSample = (sample: Parameters<typeof numberIn>[0]) => values.push(numberIn(sample));
  bob.createReader({ ...TOPIC, qos: readerQos, onSample });
  const writer = alice.createWriter({ ...TOPIC, qos: writerQos });
  await scene.until(() => writer.matched().length === 1);
  await scene.pass(1000);
  return { scene, alice, bob, values, writer, onSample };
}

describe('a large sample', () => {
  it('leaves in bursts that fit into a small receive buffer, and arrives in time', async () => {
    const { scene, alice, values, writer } = await pair({ reliability: 'best-effort' }, { reliability: 'best-effort' });
    let before = alice.facts().datagrams.sent;
    writer.write(payloadOf(1, MEGABYTE));
    for (let passedMs = 0; values.length === 0; passedMs += 1) {
      const burst = alice.facts().datagrams.sent - before;
      assert.ok(burst <= BURST_DATAGRAMS, `${burst} datagrams within a millisecond`);
      assert.ok(passedMs <= 20, 'not there after 20 ms');
      before = alice.facts().datagrams.sent;
      await scene.pass(1);
    }
    assert.deepEqual(values, [1]);
  });

  it('is not overtaken by a small one of its writer', async () => {
    const { scene, values, writer } = await pair({ reliability: 'best-effort' }, { reliability: 'best-effort' });
    writer.write(payloadOf(1, MEGABYTE));
    writer.write(payloadOf(2));
    await scene.pass(50);
    assert.deepEqual(values, [1, 2]);
  });

  it('is not requested again before it was sent', async () => {
    const { scene, alice, values, writer } = await pair(KEEP_ALL, RELIABLE);
    const before = alice.facts().datagrams.sent;
    for (let value = 1; value <= 4; value += 1) writer.write(payloadOf(value, MEGABYTE));
    await scene.until(() => values.length === 4, 1000, 1);
    await scene.pass(2000);
    assert.deepEqual(values, [1, 2, 3, 4]);
    const fragments = 4 * Math.ceil(MEGABYTE / FRAGMENT_BYTES);
    const extra = alice.facts().datagrams.sent - before - fragments;
    assert.ok(extra < 10, `${extra} datagrams more than the fragments`);
  });

  it('that a keep-last history drops while it waits is not sent', async () => {
    const { scene, alice, values, writer } = await pair(
      { ...RELIABLE, history: { kind: 'keep-last', depth: 1 } },
      RELIABLE,
    );
    const before = alice.facts().datagrams.sent;
    for (let value = 1; value <= 8; value += 1) writer.write(payloadOf(value, MEGABYTE));
    await scene.pass(2000);
    assert.deepEqual(values.at(-1), 8);
    const sent = alice.facts().datagrams.sent - before;
    assert.ok(sent < (3 * MEGABYTE) / FRAGMENT_BYTES, `${sent} datagrams`);
  });

  it('reaches a reader that matches while it is sent, if that reader is entitled to it', async () => {
    const { scene, values, writer } = await pair(LATCHED, LATCHED);
    const carol = await scene.join('10.0.0.3');
    await scene.pass(2000);
    const latched: number[] = [];
    const fresh: number[] = [];
    writer.write(payloadOf(1, 4 * MEGABYTE));
    writer.write(payloadOf(2));
    carol.createReader({ ...TOPIC, qos: LATCHED, onSample: (sample) => latched.push(numberIn(sample)) });
    carol.createReader({ ...TOPIC, qos: RELIABLE, onSample: (sample) => fresh.push(numberIn(sample)) });
    await scene.until(() => writer.matched().length === 3, 1000, 1);
    assert.deepEqual(values, []);
    writer.write(payloadOf(3));
    await scene.pass(3000);
    assert.deepEqual([values, latched, fresh], [[1, 2, 3], [1, 2, 3], [3]]);
  });

  it('is stored for a later reader if its receiver disconnects', async () => {
    const { scene, bob, writer } = await pair(LATCHED, LATCHED);
    writer.write(payloadOf(1, MEGABYTE));
    await bob.close();
    await scene.pass(0);
    writer.write(payloadOf(2));
    await scene.pass(1000);
    writer.write(payloadOf(3));
    const later: number[] = [];
    const carol = await scene.join('10.0.0.3');
    carol.createReader({ ...TOPIC, qos: LATCHED, onSample: (sample) => later.push(numberIn(sample)) });
    await scene.until(() => later.length === 3, 3000);
    writer.write(payloadOf(4));
    await scene.until(() => later.length === 4, 1000);
    assert.deepEqual(later, [1, 2, 3, 4]);
  });

  it('arrives also if its writer or its participant closes right after it', async () => {
    for (const close of ['writer', 'participant'] as const) {
      const { scene, alice, values, writer } = await pair(
        { reliability: 'best-effort' },
        { reliability: 'best-effort' },
      );
      writer.write(payloadOf(1, MEGABYTE));
      if (close === 'writer') writer.close();
      else void alice.close();
      await scene.pass(50);
      assert.deepEqual(values, [1]);
    }
  });
});
