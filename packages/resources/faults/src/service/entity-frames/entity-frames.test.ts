import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SovdError } from '@medkit/contract';
import {
  callContext,
  type Fault,
  type FaultSnapshot,
  type FreezeFrame,
  openModel,
  type RuntimeHost,
  withCaptureHistories,
} from '@medkit/core';
import {
  app,
  fault,
  MEMORY_TIMESTAMP_NS,
  type MemoryFaultsOptions,
  type MemoryItem,
  memoryFaults,
  memoryRuntime,
} from '@medkit/core/testing';
import type { QuotaFigures } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import { OPEN_ACCESS } from '@medkit/locks';
import { createFaultService } from '../fault-service.ts';
import { type FaultFrames, type FrameStorage, openEntityFrames, withEntityFrames } from './entity-frames.ts';

type Items = Record<string, MemoryItem>;

const GATE: Items = { min_range_m: { value: 0.11 }, commanded_vx: { value: 0 } };

/** A frame storage that outlives its user. */
function memoryFrames() {
  const rows = new Map<string, FaultFrames>();
  const storage: FrameStorage = {
    load: async () => [...rows.values()],
    write: async ({ put, remove }) => {
      for (const code of [...remove, put.faultCode]) rows.delete(code);
      rows.set(put.faultCode, put);
    },
  };
  return { ...storage, codes: () => [...rows.keys()] };
}

/** A robot whose ROS runtime manages the faults, and a safety gate outside ROS. */
async function robot({
  gate = { ...GATE } as Items,
  standing = [] as readonly Fault[],
  enabled = true,
  manager = {} as Partial<MemoryFaultsOptions>,
  onCall = (_nativeId: string): Promise<void> | void => undefined,
  storage = memoryFrames(),
} = {}) {
  const clock = new SimulatedClock();
  let host: RuntimeHost | undefined;
  const ros = memoryRuntime({
    name: 'ros2',
    apps: [app('lidar', { node: '/lidar', address: { runtime: 'ros2', nativeId: '/lidar' } })],
    data: { '/lidar': { '/scan': { value: 1 } } },
    providers: { faults: memoryFaults({ faults: standing, ...manager }) },
  });
  const rtmaps = memoryRuntime({
    name: 'rtmaps',
    apps: [
      app('safety_gate', { address: { runtime: 'rtmaps', nativeId: 'gate' } }),
      app('brake', { address: { runtime: 'rtmaps', nativeId: 'brake' } }),
    ],
    data: { gate, brake: { pressure: { value: 12 } } },
    onCall,
  });
  const logged: string[] = [];
  const log = (_level: string, message: string) => void logged.push(message);
  const model = await openModel({
    runtimes: [
      {
        ...ros,
        start: async (by) => {
          host = by;
          await ros.start(by);
        },
      },
      rtmaps,
    ],
    clock,
    log,
  });
  await clock.advanceAsync(10);
  const frames = await openEntityFrames({ enabled, model, storage, clock, log });
  let events = 0;
  /** Emits a fault event and waits for its effects. */
  const happen = async (of: Fault, type: 'fault_confirmed' | 'fault_updated' | 'fault_cleared' = 'fault_confirmed') => {
    host?.faultChanged({ id: ++events, type, fault: of, timeNs: 1n, autoClearedCodes: [] });
    await settle();
  };
  const settle = () => clock.advanceAsync(20);
  const data = (code: string) => frames.of(code).map((frame) => [frame.name, frame.data]);
  const service = createFaultService({ model, clock, entityFrames: frames, locks: OPEN_ACCESS, log });
  const call = () => callContext({ clock, timeoutMs: 1000 });
  const detail = (app: string, code: string) => service.get('app', app, code, call());
  /** Emits a fault event some microtasks later, in the middle of whatever runs then. */
  const happenAfter = async (steps: number, of: Fault) => {
    for (let step = 0; step < steps; step++) await undefined;
    host?.faultChanged({ id: ++events, type: 'fault_confirmed', fault: of, timeNs: 1n, autoClearedCodes: [] });
  };
  return { detail, model, clock, frames, logged, happen, happenAfter, settle, data, gate, close: () => frames.close() };
}

const stop = (sources = ['safety_gate'], code = 'PROTECTIVE_STOP') => fault(code, { sources });

describe('the frame of an entity', () => {
  it('E01: contains its values when its fault is confirmed, and survives a clear', async () => {
    const { frames, happen, clock, close } = await robot();
    await happen(stop());
    const [frame] = frames.of('PROTECTIVE_STOP');
    assert.deepEqual(frame, {
      kind: 'freeze_frame',
      name: 'safety_gate',
      channel: '',
      messageType: '',
      data: { min_range_m: 0.11, commanded_vx: 0 },
      occurrence: 1,
      provenance: { atStart: false, connected: true, sourceTimestampNs: MEMORY_TIMESTAMP_NS },
      capturedAtNs: frame?.capturedAtNs,
    });
    await happen(stop(), 'fault_cleared');
    assert.equal(frames.of('PROTECTIVE_STOP').length, 1);
    await close();
    assert.equal(clock.timers, 0);
  });

  it('has the history of its numbers, if a runtime stores that', async () => {
    const past = [
      { timeNs: 1n, value: 2.5 },
      { timeNs: 2n, value: 'none' },
      { timeNs: 3n, value: 0.11 },
    ];
    const once = [{ timeNs: 3n, value: 0 }];
    const gate: Items = {
      min_range_m: { value: 0.11, past },
      commanded_vx: { value: 0, past: once },
      mode: { value: 'auto' },
    };
    const { frames, happen } = await robot({ gate });
    await happen(stop());
    const history = { min_range_m: { value: 0.11, history: [[1n, 2.5] as const, [3n, 0.11] as const] } };
    assert.deepEqual(frames.of('PROTECTIVE_STOP')[0]?.history, history);
    const [, historyFrame] = withCaptureHistories(frames.of('PROTECTIVE_STOP')) as readonly FreezeFrame[];
    assert.deepEqual(
      [historyFrame?.name, historyFrame?.data],
      ['history', { 'safety_gate.min_range_m': history.min_range_m }],
    );
  });

  it('is available to a client that requests the fault while the entity still answers', async () => {
    const answered = Promise.withResolvers<void>();
    const { detail, happen, settle } = await robot({ manager: { faults: [stop()] }, onCall: () => answered.promise });
    await happen(stop());
    const request = detail('safety_gate', 'PROTECTIVE_STOP');
    await settle();
    answered.resolve();
    const { environment_data: evidence } = await request;
    assert.match(JSON.stringify(evidence), /"name":"safety_gate"/);
  });

  it('is awaited for at most a second', async () => {
    const { frames, happen, clock } = await robot({ onCall: () => new Promise(() => undefined) });
    await happen(stop());
    let isSettled = false;
    void frames.settled('PROTECTIVE_STOP').then(() => {
      isSettled = true;
    });
    await clock.advanceAsync(900, 10);
    assert.equal(isSettled, false);
    await clock.advanceAsync(200, 10);
    assert.equal(isSettled, true);
  });

  it('has the limits of its fault, and not those of another one', async () => {
    const limit = (faultCode: string, value: number) => ({ faultCode, value, side: 'below', unit: 'm' }) as const;
    const gate: Items = {
      min_range_m: { value: 0.11, limits: [limit('PROTECTIVE_STOP', 0.3), limit('TOO_NEAR', 1)] },
      commanded_vx: { value: 0 },
    };
    const { frames, happen } = await robot({ gate });
    await happen(stop());
    const field = { field: 'min_range_m', value: 0.3, side: 'below', unit: 'm', label: 'min_range_m' };
    assert.deepEqual(frames.of('PROTECTIVE_STOP')[0]?.limits, [field]);
    await happen(stop(undefined, 'OTHER'));
    assert.equal(frames.of('OTHER')[0]?.limits, undefined);
  });

  it('is captured also if its fault arrives just when the previous one is done', async () => {
    const { frames, happenAfter, settle } = await robot();
    for (let steps = 1; steps < 120; steps++) {
      await Promise.all([happenAfter(0, stop(['brake'], 'BEFORE')), happenAfter(steps, stop(['brake'], `F${steps}`))]);
      await settle();
      assert.equal(frames.of(`F${steps}`).length, 1, `${steps} steps later`);
    }
  });

  it('E01: is captured only by a confirmation, and replaced by the next one', async () => {
    const { happen, data, gate } = await robot();
    await happen(stop(), 'fault_updated');
    assert.deepEqual(data('PROTECTIVE_STOP'), []);
    await happen(stop());
    gate['min_range_m'] = { value: 2 };
    await happen(stop());
    assert.deepEqual(data('PROTECTIVE_STOP'), [['safety_gate', { min_range_m: 2, commanded_vx: 0 }]]);
  });

  it('E01: is not captured for entities of the fault manager or unknown entities', async () => {
    const { happen, data } = await robot();
    await happen(stop(['/lidar', 'nobody']));
    assert.deepEqual(data('PROTECTIVE_STOP'), []);
    await happen(stop(['/lidar', 'brake', 'safety_gate', 'brake']));
    assert.deepEqual(data('PROTECTIVE_STOP'), [
      ['brake', { pressure: 12 }],
      ['safety_gate', { min_range_m: 0.11, commanded_vx: 0 }],
    ]);
  });

  it('E01, E03: has null for a missing value, and does not exist if all are missing', async () => {
    const { happen, data, gate } = await robot({ gate: { a: { value: null }, b: {}, c: { value: 'x' } } });
    await happen(stop());
    assert.deepEqual(data('PROTECTIVE_STOP'), [['safety_gate', { a: null, b: null, c: 'x' }]]);
    gate['c'] = {};
    await happen(stop([...stop().sources], 'OTHER'));
    assert.deepEqual(data('OTHER'), []);
  });

  it('E01, E03: marks old values, and only these', async () => {
    const lost = { value: 1, publisherCount: 0 };
    const connected = async (gate: Items) => {
      const { happen, frames } = await robot({ gate });
      await happen(stop());
      return frames.of('PROTECTIVE_STOP')[0]?.provenance?.connected;
    };
    assert.equal(await connected({ a: lost, b: lost }), false);
    assert.equal(await connected({ a: lost, b: { value: 2 } }), true);
  });

  it('has a limited number of characters, and is marked as truncated', async () => {
    const { happen, frames } = await robot({
      gate: { a: { value: 'x'.repeat(60_000) }, b: { value: 'y'.repeat(60_000) } },
    });
    await happen(stop());
    const [frame] = frames.of('PROTECTIVE_STOP');
    assert.deepEqual(
      Object.values(frame?.data as object).map((value) => value?.length),
      [60_000, undefined],
    );
    assert.match(frame?.problem ?? '', /^1 values are omitted/);
  });

  it('E01: is stored for the last 256 faults', async () => {
    const storage = memoryFrames();
    const { happen, data } = await robot({ storage });
    for (let n = 0; n <= 256; n++) await happen(stop(['brake'], `F${n}`));
    assert.deepEqual([data('F0').length, data('F1').length, data('F256').length], [0, 1, 1]);
    assert.deepEqual([storage.codes().length, storage.codes()[0]], [256, 'F1']);
  });

  it('is stored for the fault of one entity while faults of another entity fill the room', async () => {
    const storage = memoryFrames();
    const { frames, happen, data } = await robot({ storage });
    await happen(stop(['safety_gate'], 'OTHER'));
    for (let n = 0; n <= 256; n++) await happen(stop(['brake'], `F${n}`));
    assert.deepEqual([data('OTHER').length, data('F0').length, data('F256').length], [1, 0, 1]);
    assert.deepEqual([storage.codes().length, storage.codes()[0]], [256, 'OTHER']);
    const quotas = frames.health().blocks['x-medkit-quotas'] as Record<string, QuotaFigures>;
    assert.equal(quotas['entity_frames']?.refused, 2);
  });

  it('E01: is awaited by at most 64 faults, of which the oldest are dropped', async () => {
    const answered = Promise.withResolvers<void>();
    const { happen, data, settle } = await robot({ onCall: () => answered.promise });
    for (let n = 0; n <= 66; n++) await happen(stop(['brake'], `F${n}`));
    answered.resolve();
    await settle();
    assert.deepEqual(
      ['F0', 'F1', 'F2', 'F3', 'F66'].map((code) => data(code).length),
      [1, 0, 0, 1, 1],
    );
  });

  it('E01: is captured for faults of other sources while one source floods the queue', async () => {
    const answered = Promise.withResolvers<void>();
    const { frames, happen, data, settle } = await robot({ onCall: () => answered.promise });
    await happen(stop(['brake'], 'F0'));
    await happen(stop(['safety_gate'], 'OTHER'));
    for (let n = 1; n <= 70; n++) await happen(stop(['brake'], `F${n}`));
    const figures = { held: 64, capacity: 64, owners: 2, largest: 63, refused: 7, evicts: true };
    const quotas = frames.health().blocks['x-medkit-quotas'] as Record<string, QuotaFigures>;
    assert.deepEqual(quotas['waiting_entity_frames'], figures);
    answered.resolve();
    await settle();
    assert.deepEqual(
      ['OTHER', 'F1', 'F70'].map((code) => data(code).length),
      [1, 0, 1],
    );
  });

  it('is captured also for a runtime that joined after the start', async () => {
    const { model, happen, data, close } = await robot();
    await model.remove('rtmaps');
    await model.add(
      memoryRuntime({
        name: 'late',
        apps: [app('valve', { address: { runtime: 'late', nativeId: 'valve' } })],
        data: { valve: { pressure: { value: 3 } } },
      }),
    );
    await happen(stop(['valve']));
    assert.deepEqual(data('PROTECTIVE_STOP'), [['valve', { pressure: 3 }]]);
    await close();
  });

  it('does no harm if the entity fails', async () => {
    const { happen, data, logged } = await robot({
      onCall: (nativeId) => {
        if (nativeId === 'gate') throw new SovdError({ code: 'service-unavailable', message: 'not connected' });
      },
    });
    await happen(stop(['safety_gate', 'brake']));
    assert.deepEqual(data('PROTECTIVE_STOP'), [['brake', { pressure: 12 }]]);
    assert.match(
      logged.join(),
      /The data of safety_gate could not be stored with its fault PROTECTIVE_STOP: not connected/,
    );
  });

  it('is among the evidence of the fault', async () => {
    const { happen, detail } = await robot({ standing: [stop()] });
    await happen(stop());
    const { snapshots = [] } = (await detail('safety_gate', 'PROTECTIVE_STOP')).environment_data;
    assert.deepEqual(
      snapshots?.map((snapshot) => 'name' in snapshot && snapshot.name),
      ['safety_gate'],
    );
  });

  it('does not exist if that is disabled', async () => {
    const { happen, data } = await robot({ enabled: false });
    await happen(stop());
    assert.deepEqual(data('PROTECTIVE_STOP'), []);
  });
});

describe('faults that are confirmed when the gateway starts', () => {
  it('have the frames of the moment of their confirmation, over a restart, until they return', async () => {
    const storage = memoryFrames();
    const before = await robot({ storage });
    await before.happen(stop());
    await before.happen(stop(['brake'], 'OLD'));
    await before.close();
    const again = fault('OLD', { sources: ['brake'], occurrenceCount: 2 });
    const gate: Items = { min_range_m: { value: 3 } };
    const { frames, data, settle, happen } = await robot({ storage, gate, standing: [stop(), again] });
    await settle();
    assert.deepEqual(frames.of('PROTECTIVE_STOP'), before.frames.of('PROTECTIVE_STOP'));
    assert.deepEqual(frames.of('OLD')[0]?.provenance?.atStart, true);
    await happen(stop());
    assert.deepEqual(data('PROTECTIVE_STOP'), [['safety_gate', { min_range_m: 3 }]]);
  });

  it('use the room of inactive ones, and leave that of active ones', async () => {
    const storage = memoryFrames();
    const before = await robot({ storage });
    for (let n = 0; n < 256; n++) await before.happen(stop(['brake'], `F${n}`));
    await before.close();
    const standing = ['NEW', 'F1', 'LATE'].map((code) => stop(['brake'], code));
    const { data, settle } = await robot({ storage, standing });
    await settle();
    assert.deepEqual(
      ['F0', 'F1', 'NEW', 'LATE'].map((code) => data(code).length),
      [0, 1, 1, 0],
    );
  });

  it('have frames also if earlier ones cannot be read or new ones written, which is logged', async () => {
    const fails = () => Promise.reject(new SovdError({ code: 'service-unavailable', message: 'no disk' }));
    const storage = { ...memoryFrames(), load: fails, write: fails };
    const { data, settle, logged } = await robot({ storage, standing: [stop()] });
    await settle();
    assert.equal(data('PROTECTIVE_STOP').length, 1);
    assert.deepEqual(logged, [
      'Cannot read freeze frames of entities from before the start: no disk',
      'The freeze frame of the fault PROTECTIVE_STOP cannot be written: no disk',
    ]);
  });

  it('E02, H03: have frames that are marked as captured at the start', async () => {
    const { settle, frames } = await robot({ standing: [stop(), stop(['brake'], 'OLD'), stop(['/lidar'], 'ROS')] });
    await settle();
    assert.deepEqual(
      ['PROTECTIVE_STOP', 'OLD', 'ROS'].map((code) => frames.of(code)[0]?.provenance?.atStart),
      [true, true, undefined],
    );
  });

  it('E02: give way to current events', async () => {
    const listed = Promise.withResolvers<void>();
    const { happen, settle, frames } = await robot({
      standing: [stop()],
      manager: { onCall: (method) => (method === 'list' ? listed.promise : undefined) },
    });
    await happen(stop());
    listed.resolve();
    await settle();
    assert.equal(frames.of('PROTECTIVE_STOP')[0]?.provenance?.atStart, false);
  });

  it('E02: fill the available room, and those without data take none', async () => {
    const standing = [
      ...Array.from({ length: 10 }, (_, n) => stop(['/lidar'], `ROS${n}`)),
      ...Array.from({ length: 257 }, (_, n) => stop(['brake'], `F${n}`)),
    ];
    const { clock, data } = await robot({ standing });
    await clock.advanceAsync(2000);
    assert.deepEqual([data('F0').length, data('F255').length, data('F256').length], [1, 1, 0]);
  });

  it('E02: that cannot be listed do no harm, and neither does a close meanwhile', async () => {
    const failing = await robot({
      manager: {
        onCall: () => {
          throw new SovdError({ code: 'service-unavailable', message: 'no manager' });
        },
      },
    });
    await failing.happen(stop());
    assert.equal(failing.data('PROTECTIVE_STOP').length, 1);
    assert.match(failing.logged.join(), /no manager/);
    const silent = await robot({ manager: { onCall: () => new Promise(() => undefined) } });
    await silent.close();
    assert.equal(silent.clock.timers, 0);
  });
});

describe('the evidence of a fault with frames of entities', () => {
  const frame = {
    kind: 'freeze_frame',
    name: 'safety_gate',
    channel: '',
    messageType: '',
    data: {},
    capturedAtNs: 1n,
  } as const;
  const recording: FaultSnapshot = {
    kind: 'recording',
    id: 'bag',
    faultCodes: [],
    format: 'mcap',
    octets: 1,
    durationMs: 1,
    createdAtNs: 1n,
  };

  it('E04: has them if no other frame was captured; a recording does not count', () => {
    assert.deepEqual(withEntityFrames([], [frame]), [frame]);
    assert.deepEqual(withEntityFrames([recording], [frame]), [recording, frame]);
    assert.deepEqual(withEntityFrames([frame, recording], [frame]), [frame, recording]);
    assert.deepEqual(withEntityFrames([{ kind: 'foreign', body: {} }], [frame]), [{ kind: 'foreign', body: {} }]);
    assert.deepEqual(withEntityFrames([recording], []), [recording]);
  });
});
