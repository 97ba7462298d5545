import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EntityKind, LogSeverity } from '@medkit/contract';
import { app, component, fault, faultEvent } from '@medkit/core/testing';
import { settled, triggerScene } from '../testing/trigger-scene.ts';

const CHANGE = { condition_type: 'OnChange' };
const to = (target_value: unknown) => ({ condition_type: 'OnChangeTo', target_value });

/** A scene that emits events of apps, and the payloads that triggers on their collections sent. */
async function eventScene(options: Parameters<typeof triggerScene>[0] = {}) {
  const scene = await triggerScene(options);
  const { model } = scene;
  let events = 0;
  return {
    ...scene,
    fault: (code: string, sources: readonly string[], status: 'CONFIRMED' | 'HEALED' = 'CONFIRMED') =>
      model.events.emit('fault.event', {
        runtime: 'memory',
        event: faultEvent(++events, {
          type: status === 'CONFIRMED' ? 'fault_confirmed' : 'fault_cleared',
          fault: fault(code, { sources, status }),
        }),
      }),
    goal: (nativeId: string, executionId: string, status: string) =>
      model.events.emit('operation.changed', {
        runtime: 'memory',
        nativeId,
        operationId: '/arm/spin',
        executionId,
        status,
      }),
    logs: (logger: string, severity: LogSeverity = 'error') =>
      scene.keepLog({ logger, severity, message: `${logger} says`, timestampNs: 1n }),
    on: async (kind: EntityKind, id: string, of: string, condition: object = CHANGE, more: object = {}) => {
      const { id: trigger } = await scene.create(kind, id, of, condition, more);
      return (await scene.listen(kind, id, trigger)).received;
    },
  };
}

describe('a trigger on faults', () => {
  it('of an app, its ancestors, and a function that hosts it receives its faults', async () => {
    const { on, fault, close } = await eventScene();
    const streams = [
      await on('app', 'gripper', 'faults'),
      await on('component', 'arm', 'faults'),
      await on('component', 'amr', 'faults'),
      await on('area', 'cell', 'faults'),
      await on('area', 'hall', 'faults'),
      await on('function', 'transport', 'faults'),
      await on('app', 'gripper', 'faults/STUCK'),
    ];
    const deaf = [
      await on('app', 'driver', 'faults'),
      await on('app', 'gripper', 'faults/LOOSE'),
      await on('app', 'gripper', 'faults/STUC'),
      await on('app', 'gripper', 'logs'),
    ];
    fault('STUCK', ['/gripper']);
    await settled();
    for (const { payloads } of streams) {
      const [payload] = payloads as unknown as readonly { fault_code: string; event_type: string; entity_id: string }[];
      assert.deepEqual(
        [payloads.length, payload?.fault_code, payload?.event_type, payload?.entity_id],
        [1, 'STUCK', 'fault_confirmed', 'gripper'],
      );
    }
    for (const { payloads } of deaf) assert.deepEqual(payloads, []);
    await close();
  });

  it('compares each fault with itself, and evaluates its status', async () => {
    const { on, fault, close } = await eventScene();
    const received = await on('app', 'driver', 'faults', to('CONFIRMED'));
    const path = await on('app', 'driver', 'faults', to('HEALED'), { path: '/status' });
    fault('A', ['/driver']);
    fault('B', ['/nobody', '/driver']);
    fault('A', ['/driver']);
    fault('A', ['/driver'], 'HEALED');
    fault('A', ['/driver']);
    await settled();
    assert.deepEqual(
      received.payloads.map((payload) => (payload as { fault_code: string }).fault_code),
      ['A', 'B', 'A'],
    );
    assert.equal(path.payloads.length, 1);
    await close();
  });
});

describe('a trigger on logs', () => {
  it('fires at entries of an entity that its runtime knows by its id', async () => {
    const plc = [
      app('valve', { componentId: 'cabinet', address: { runtime: 'memory', nativeId: 'apps/valve' } }),
      app('pump', { address: { runtime: 'plc', nativeId: 'apps/pump' } }),
    ];
    const cabinet = component('cabinet', { address: { runtime: 'memory', nativeId: 'components/cabinet' } });
    const { on, logs, close } = await eventScene({ runtime: { apps: plc, components: [cabinet] } });
    const valve = await on('app', 'valve', 'logs');
    const all = await on('component', 'cabinet', 'logs');
    const pump = await on('app', 'pump', 'logs');
    logs('valve');
    logs('cabinet');
    logs('pump');
    await settled();
    assert.deepEqual(
      [valve, all, pump].map(({ payloads }) => payloads.length),
      [1, 2, 0],
    );
    await close();
  });

  it('fires at every matching entry of the entity, including its child loggers', async () => {
    const { on, logs, close } = await eventScene();
    const all = await on('app', 'driver', 'logs');
    const errors = await on('component', 'amr', 'logs', to('error'), { path: '/severity' });
    logs('/driver');
    logs('driver.child');
    logs('/driver', 'info');
    logs('/battery_monitor');
    await settled();
    assert.deepEqual([all.payloads.length, errors.payloads.length], [3, 2]);
    await close();
  });

  it('never fires at log entries that triggers write when they fire', async () => {
    const { on, logs, entries, triggers, close } = await eventScene();
    const log_settings = { severity: 'WARNING', marker: 'Look here' };
    const driver = await on('app', 'driver', 'logs', CHANGE, { log_settings });
    const other = await on('area', 'hall', 'logs', CHANGE, { log_settings: {} });
    logs('/driver');
    await settled();
    assert.deepEqual([driver.payloads.length, other.payloads.length], [1, 1]);
    const written = entries.slice(1).map(({ logger, severity, message }) => [logger, severity, message]);
    const resource = '/api/v1/apps/driver/logs';
    assert.deepEqual(written, [
      [
        'driver',
        'warning',
        `Look here {"trigger_id":"trig_1","condition_type":"OnChange","resource":"${resource}","event":1}`,
      ],
      [
        'medkit.area.hall',
        'info',
        `Trigger fired {"trigger_id":"trig_2","condition_type":"OnChange","resource":"/api/v1/areas/hall/logs","event":1}`,
      ],
    ]);
    assert.equal(triggers.health().blocks['x-medkit-triggers']?.['fired_total'], 2);
    await close();
  });
});

describe('a trigger on operations', () => {
  it('matches the operation, the last part of its name, and its execution', async () => {
    const { on, goal, close } = await eventScene();
    const streams = [
      await on('app', 'driver', 'operations'),
      await on('app', 'driver', 'operations/spin'),
      await on('app', 'driver', 'operations/arm/spin'),
      await on('app', 'driver', 'operations/%2Farm%2Fspin'),
      await on('app', 'driver', 'operations/spin/executions/g1'),
      await on('component', 'amr', 'operations/driver:spin'),
    ];
    const deaf = [
      await on('app', 'driver', 'operations/pin'),
      await on('app', 'driver', 'operations/spin/executions/g2'),
      await on('app', 'gripper', 'operations'),
    ];
    goal('/driver', 'g1', 'executing');
    await settled();
    const payload = { goal_id: 'g1', action_path: '/arm/spin', status: 'executing' };
    for (const { payloads } of streams) assert.deepEqual(payloads, [payload]);
    for (const { payloads } of deaf) assert.deepEqual(payloads, []);
    await close();
  });

  it('compares each execution with itself', async () => {
    const { on, goal, close } = await eventScene();
    const received = await on('app', 'driver', 'operations/spin', to('aborted'));
    goal('/driver', 'g1', 'executing');
    goal('/driver', 'g2', 'executing');
    goal('/driver', 'g1', 'aborted');
    goal('/driver', 'g2', 'aborted');
    await settled();
    assert.equal(received.payloads.length, 2);
    await close();
  });

  it('continues to receive goals of other programs', async () => {
    const polled: string[] = [];
    const { on, clock, service, call, close, runtime } = await eventScene();
    const operations = runtime.providers.operations!;
    const { executions } = operations;
    Object.assign(operations, {
      executions: (...args: Parameters<typeof executions>) => {
        polled.push(args[1]);
        return executions(...args);
      },
    });
    await on('app', 'driver', 'operations');
    await clock.advanceAsync(60_000, 10_000);
    assert.ok(polled.length >= 3, String(polled));
    await service.remove('app', 'driver', 'trig_1', call());
    polled.length = 0;
    await clock.advanceAsync(60_000, 10_000);
    assert.deepEqual(polled, []);
    await close();
  });
});

it('a trigger on updates receives those of its entity or its members', async () => {
  const { on, model, close } = await eventScene();
  const streams = [
    await on('component', 'arm', 'updates'),
    await on('component', 'amr', 'updates/firmware_2', to('failed')),
    await on('area', 'hall', 'updates/firmware_2/status', to('failed'), { path: '/status' }),
  ];
  const deaf = [await on('app', 'driver', 'updates'), await on('component', 'arm', 'updates/firmware_3')];
  const status = { status: 'failed', error: 'no power' };
  model.events.emit('update.changed', { updateId: 'firmware_2', status, updatedComponents: ['arm', 'nobody'] });
  await settled();
  for (const { payloads } of streams) assert.deepEqual(payloads, [status]);
  for (const { payloads } of deaf) assert.deepEqual(payloads, []);
  await close();
});

it('a trigger on a collection of a vendor receives changes of one item or of all', async () => {
  const { on, model, close } = await eventScene();
  const all = await on('component', 'amr', 'x-plc-data');
  const one = await on('app', 'driver', 'x-plc-data/Motor/Speed', {
    condition_type: 'EnterRange',
    lower_bound: 5,
    upper_bound: 9,
  });
  const other = await on('app', 'driver', 'x-plc', CHANGE);
  const entity = { kind: 'app', id: 'driver' } as const;
  const change = (path: string, value: number) =>
    model.events.emit('resource.changed', { entity, collection: 'x-plc-data', path, value });
  change('Motor/Speed', 3);
  change('Motor/Torque', 6);
  change('Motor/Speed', 6);
  await settled();
  assert.deepEqual([all.payloads, one.payloads, other.payloads], [[3, 6, 6], [6], []]);
  await close();
});
