import assert from 'node:assert/strict';
import type { EntityKind, TriggerCreateRequest } from '@medkit/contract';
import { callContext, type JsonValue, LOCAL_RUNTIME, type LogEntry, openModel, parseJson } from '@medkit/core';
import {
  app,
  area,
  component,
  functionEntity,
  type MemoryRuntimeOptions,
  memoryFaults,
  memoryOperations,
  memoryRuntime,
} from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import { createDataService, createLogService } from '@medkit/entities';
import type { ConditionEvaluator } from '../conditions/condition.ts';
import { openTriggers, type TriggersOptions } from '../open-triggers.ts';
import type { TriggerEvent } from '../trigger.ts';
import { memoryRecords } from './memory-records.ts';

/** Returns the address of a node of the scene. */
const at = (nativeId: string) => ({ node: nativeId, aliases: [nativeId], address: { runtime: 'memory', nativeId } });
const topic = (name: string, type: string) => ({ channel: { name, direction: 'publish', type } }) as const;

/** Lets pending promises settle. */
export async function settled(): Promise<void> {
  for (let turns = 0; turns < 4; turns++) await new Promise((resolve) => setImmediate(resolve));
}

export interface SceneOptions {
  readonly memory?: ReturnType<typeof memoryRecords>;
  readonly clock?: SimulatedClock;
  readonly runtime?: Partial<MemoryRuntimeOptions>;
  readonly evaluators?: Readonly<Record<string, ConditionEvaluator>>;
  readonly options?: Partial<TriggersOptions>;
}

/**
 * The triggers of a hall with a cell, a robot in it with an arm, an app on each of the two, and a battery monitor
 * outside. The arm as a component hosts the function `transport`.
 */
export async function triggerScene({
  memory = memoryRecords(),
  clock = new SimulatedClock(),
  runtime: differing = {},
  evaluators = {},
  options = {},
}: SceneOptions = {}) {
  const timersBefore = clock.timers;
  const entries: LogEntry[] = [];
  const logged: string[] = [];
  const log = (level: string, message: string): void => void logged.push(`${level}: ${message}`);
  const runtime = memoryRuntime({
    areas: [area('hall'), area('cell', { parentAreaId: 'hall' })],
    components: [component('amr', { areaId: 'cell' }), component('arm', { parentComponentId: 'amr' })],
    apps: [
      app('driver', { componentId: 'amr', ...at('/driver') }),
      app('gripper', { componentId: 'arm', ...at('/gripper') }),
      app('battery_monitor', at('/battery_monitor')),
    ],
    functions: [functionEntity('transport', ['arm'])],
    data: {
      '/battery_monitor': {
        '/voltage': topic('/voltage', 'std_msgs/msg/Float32'),
        '/rear/temperature': topic('/rear/temperature', 'sensor_msgs/msg/Temperature'),
      },
      '/driver': { '/scan': topic('/scan', 'sensor_msgs/msg/LaserScan'), '/force': {} },
      '/gripper': { '/force': {} },
    },
    records: { isEntity: () => true },
    providers: { faults: memoryFaults(), operations: memoryOperations({ '/driver': { '/spin': {} } }) },
    ...differing,
  });
  const gateway = memoryRuntime({ name: LOCAL_RUNTIME, records: { isEntity: () => false } });
  const model = await openModel({ runtimes: [runtime, gateway], clock, log });
  model.events.on('log.added', ({ entry }) => entries.push(entry));
  const open = () =>
    openTriggers({
      enabled: true,
      maxTriggers: 20,
      model,
      clock,
      log,
      data: createDataService({ model, clock }),
      logs: createLogService({ model, clock }),
      records: memory.records,
      evaluators: { get: (type) => evaluators[type], names: () => Object.keys(evaluators) },
      ...options,
    });
  const triggers = await open();
  await settled();
  const call = () => callContext({ clock, timeoutMs: 9000 });

  /** Creates a trigger; the path of its resource is `/api/v1/<collection of the kind>/<id>/<of>`. */
  const create = async (
    kind: EntityKind,
    id: string,
    of: string,
    condition: object,
    more: Partial<TriggerCreateRequest> = {},
  ) => {
    const resource = `/api/v1/${kind}s/${id}/${of}`;
    const made = await triggers.service.create(
      kind,
      id,
      { resource, trigger_condition: condition, multishot: true, ...more },
      call(),
    );
    await settled();
    return made;
  };

  /** Collects the events that a client of a trigger receives, past events first. */
  const listen = async (kind: EntityKind, id: string, trigger: string, lastId?: number) => {
    const history = await triggers.service.events(kind, id, trigger, lastId);
    const page = history.after(lastId ?? 0, 100);
    const received = {
      payloads: page.events.map(payloadOf),
      ids: page.events.map((event) => event.id),
      ended: page.ended,
    };
    const stop = history.listen(
      (event) => {
        received.payloads.push(payloadOf(event));
        received.ids.push(event.id);
      },
      () => {
        received.ended = true;
      },
    );
    return { received, stop };
  };

  const publish = async (nativeId: string, dataId: string, ...values: readonly JsonValue[]): Promise<void> => {
    for (const value of values) runtime.publish(nativeId, dataId, value);
    await settled();
  };

  return {
    memory,
    clock,
    model,
    runtime,
    triggers,
    service: triggers.service,
    entries,
    logged,
    keepLog: runtime.record,
    create,
    listen,
    publish,
    call,
    close: async () => {
      await triggers.close();
      await model.close();
      // The model combines changes of one moment.
      clock.advance(10);
      assert.ok(clock.timers <= timersBefore, 'nothing of it goes on');
    },
  };
}

function payloadOf({ data }: TriggerEvent): JsonValue {
  return (parseJson(data) as { readonly payload: JsonValue }).payload;
}

export const BELOW_22 = { condition_type: 'EnterRange', lower_bound: 0, upper_bound: 22 };
