import assert from 'node:assert/strict';
import { type EntityKind, SovdError } from '@medkit/contract';
import { callContext, type LockChanged, openModel } from '@medkit/core';
import { app, area, component, errorOf, functionEntity, memoryRuntime } from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import type { Lock } from '../lock.ts';
import type { LockStorage } from '../lock-storage.ts';
import { openLocks } from '../open-locks.ts';

export const idle = () => undefined;

/** A storage that a test can inspect and make fail. */
export function memoryStorage() {
  const rows = new Map<number, Lock>();
  const disk = { failing: false, writes: 0, lastNumber: 0 };
  const storage: LockStorage = {
    load: async () => {
      if (disk.failing) throw new SovdError({ code: 'service-unavailable', message: 'the disk was removed' });
      return { locks: [...rows.values()], lastNumber: disk.lastNumber };
    },
    write: async ({ put = [], remove = [] }) => {
      disk.writes += 1;
      if (disk.failing) throw new SovdError({ code: 'service-unavailable', message: 'the disk was removed' });
      for (const number of remove) rows.delete(number);
      for (const lock of put) {
        rows.set(lock.number, lock);
        disk.lastNumber = Math.max(disk.lastNumber, lock.number);
      }
    },
  };
  return { storage, rows, disk };
}

/** A cell with two robots of two apps each, one with an arm, and a function on both robots. */
export async function lockScene({
  memory = memoryStorage(),
  clock = new SimulatedClock(),
  sweepMs = 30_000,
  entities = {},
}: {
  readonly memory?: ReturnType<typeof memoryStorage>;
  readonly clock?: SimulatedClock;
  readonly sweepMs?: number;
  readonly entities?: Parameters<typeof memoryRuntime>[0];
} = {}) {
  const on = (id: string, componentId: string) => app(id, { componentId });
  const runtime = memoryRuntime({
    areas: [area('hall'), area('cell', { parentAreaId: 'hall' })],
    components: [
      component('amr', { areaId: 'cell' }),
      component('arm', { parentComponentId: 'amr' }),
      component('agv', { areaId: 'cell' }),
    ],
    apps: [on('driver', 'amr'), on('gripper', 'arm'), on('planner', 'agv'), app('lonely')],
    functions: [functionEntity('transport', ['driver', 'planner'])],
    ...entities,
  });
  const logged: string[] = [];
  const log = (level: string, message: string) => void logged.push(`${level}: ${message}`);
  const model = await openModel({ runtimes: [runtime], clock, log });
  const events: LockChanged[] = [];
  model.events.on('lock.changed', (event) => events.push(event));
  const locks = await openLocks({
    enabled: true,
    model,
    clock,
    log,
    storage: memory.storage,
    defaults: { maxExpirationSec: 3600, kinds: {} },
    sweepMs,
  });
  const call = (clientId: string, more: Partial<Parameters<typeof callContext>[0]> = {}) =>
    callContext({ clock, timeoutMs: 9000, clientId, ...more });
  const acquire = (kind: EntityKind, id: string, clientId: string, more: object = {}) =>
    locks.service.acquire(kind, id, { lock_expiration: 60, ...more }, call(clientId)).then(({ lock }) => lock);
  const change = (
    kind: EntityKind,
    id: string,
    clientId: string,
    collection = 'data',
    work: () => unknown = idle,
    item = '',
  ) => {
    const entity = model.tree.get(kind, id);
    assert.ok(entity);
    return locks.access.change({ entity, collection, item, client: { clientId } }, work);
  };
  const may = (...args: Parameters<typeof change>) =>
    change(...args).then(
      () => true,
      (error: unknown) => {
        assert.ok(error instanceof SovdError && error.status === 409, String(error));
        return false;
      },
    );
  const held = async (kind: EntityKind, id: string) =>
    (await locks.service.list(kind, id, { effective: false }, call(''))).items;
  return { ...memory, locks, model, runtime, clock, logged, events, call, acquire, change, may, held };
}

export async function codeOf(promise: Promise<unknown>): Promise<string> {
  const { status, code } = await errorOf(promise);
  return `${status} ${code}`;
}
