import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FreezeFrame, JsonObject } from '@medkit/core';
import type { DeclaredPort } from '@medkit/ingest';
import { layoutOf } from '../declared/layout.ts';
import { PortMemory } from '../ports/port-memory.ts';
import { decodedFrame, faultRecord, freezeFrame } from './freeze-frame.ts';

/** Default size in bytes up to which a capture stores a whole message. */
const MAX_UNTRUNCATED_BYTES = 65_536;

/** Creates an app with `count` ports that change a thousand times a second, and a fault with the named ports. */
function play(count: number, of?: readonly string[]) {
  const ports = Array.from({ length: count }, (_, at): DeclaredPort => ({ id: `port_number_${at}`, type: 'float64' }));
  const fault = { code: 'STOP', severity: 2, description: '', ...(of && { ports: of }) } as const;
  const layout = layoutOf({
    runtime: 'R',
    components: [],
    apps: [{ id: 'gate', name: 'Gate', ports, faults: [fault] }],
  });
  const memory = new PortMemory(
    ports.map(({ type }) => type),
    5000,
  );
  const state = new Uint8Array(8 * count);
  const view = new DataView(state.buffer);
  const put = (timeUs: number): void => {
    for (let at = 0; at < count; at++) view.setFloat64(8 * at, timeUs / 3, true);
    memory.put(state, BigInt(timeUs), BigInt(timeUs) * 1000n);
  };
  return { layout, indexed: layout.faults[0]!, memory, put };
}

const FIRST_US = 35_333_000_000;

describe('a freeze frame', () => {
  it('fits into the capacity of a capture, however many ports change however often', () => {
    for (const count of [3, 40, 256]) {
      const { layout, indexed, memory, put } = play(count);
      for (let at = 0; at <= 5000; at++) put(FIRST_US + at * 1000);
      const [held] = freezeFrame(layout, indexed, memory);
      const { octets } = held!.samples[0]!;
      assert.ok(octets.length <= MAX_UNTRUNCATED_BYTES, `${count} ports have ${octets.length} octets`);
      const data = decodedFrame(held!.type, octets) as Record<string, { history: readonly (readonly number[])[] }>;
      const times = Object.values(data)[count - 1]!.history.map(([timeUs]) => timeUs);
      assert.equal(times.at(-1), FIRST_US + 5_000_000);
      assert.ok(times[0]! <= FIRST_US + 40_000, 'it has the whole of the time');
    }
  });

  it('has the ports that its fault names, and nothing before the first state', () => {
    const { layout, indexed, memory, put } = play(3, ['port_number_1']);
    assert.deepEqual(freezeFrame(layout, indexed, memory), []);
    put(FIRST_US);
    const { topic, samples, type } = freezeFrame(layout, indexed, memory)[0]!;
    assert.equal(topic, '/gate/R freeze-frame');
    const value = FIRST_US / 3;
    assert.deepEqual(decodedFrame(type, samples[0]!.octets), {
      port_number_1: { value, history: [[FIRST_US, value]] },
    });
    assert.equal(decodedFrame('std_msgs/msg/String', samples[0]!.octets), undefined);
  });

  it('is shown with the current values, and not if it could not be stored whole', () => {
    const { layout, indexed, memory, put } = play(1);
    put(FIRST_US);
    const [held] = freezeFrame(layout, indexed, memory);
    const data = decodedFrame(held!.type, held!.samples[0]!.octets) as JsonObject;
    const frame = { kind: 'freeze_frame', name: '', channel: '', messageType: held!.type, data } as FreezeFrame;
    put(FIRST_US + 300);
    assert.deepEqual(faultRecord(layout, indexed, [frame], memory), {
      name: 'R fault STOP',
      frame: {
        name: 'R freeze-frame',
        data: { port_number_0: { value: (FIRST_US + 300) / 3, history: [[FIRST_US, FIRST_US / 3]] } },
      },
    });
    assert.deepEqual(faultRecord(layout, indexed, [frame], undefined).frame?.data, data);
    const broken = { ...frame, data: { size_bytes: 70_000 }, problem: 'the message has 70000 octets' };
    assert.deepEqual(faultRecord(layout, indexed, [broken], memory), { name: 'R fault STOP' });
  });
});
