import {
  type EntityKind,
  type FaultDetailResult,
  type FaultHistory,
  type FaultListResult,
  KIND_TERMS,
  SovdError,
} from '@medkit/contract';
import {
  type Awaitable,
  andThen,
  type CallContext,
  type Entity,
  FAULT_MANAGER_ID,
  type Fault,
  type FaultStatus,
  isPromise,
  type Log,
  type Model,
  memoizeByObject,
} from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { entityOf } from '../discovery/lookup.ts';
import type { LockClient } from '../locks/lock.ts';
import type { LockAccess } from '../locks/lock-access.ts';
import { lockClient } from '../locks/lock-request.ts';
import type { Owned } from '../members/ask.ts';
import { withParameters } from '../members/error-parameters.ts';
import { clearFaults } from './clear-faults.ts';
import { type EntityFrames, withEntityFrames } from './entity-frames/entity-frames.ts';
import { assertFaultCode } from './fault-code.ts';
import { faultDetail } from './fault-detail.ts';
import { isSet, OPEN_STATUSES, statusesOf } from './fault-filter.ts';
import { type FaultPeriod, occurrenceItem, periodTest } from './fault-history.ts';
import { entityFaults, type FaultSample, faultSample, type GatheredFaults, robotFaults } from './fault-list.ts';
import {
  type FaultManager,
  faultManagers,
  localManager,
  localManagers,
  managerError,
  managersOf,
  queryManagers,
} from './fault-managers.ts';
import { faultSelection, type SelectionParameters } from './fault-selection.ts';
import { entitiesOfFault, type FaultScope, faultScope, holderOf } from './fault-sources.ts';

/** The query parameters of a request, unparsed. */
export type FaultParameters = Readonly<
  Partial<Record<'status' | 'include_muted' | 'include_clusters', string | undefined>>
>;

/**
 * The faults of entities and of the whole robot, from all fault managers. Every call throws `SovdError`. Lists and
 * their errors are synchronous if no manager must be awaited.
 */
export interface FaultService {
  listAll(parameters: FaultParameters & SelectionParameters, call: CallContext): Awaitable<FaultListResult>;
  list(kind: EntityKind, id: string, parameters: FaultParameters, call: CallContext): Awaitable<FaultListResult>;
  /** Returns the faults of `list` without parameters, in the form of cyclic subscriptions. */
  sample(kind: EntityKind, id: string, call: CallContext): Promise<FaultSample>;
  get(kind: EntityKind, id: string, code: string, call: CallContext): Promise<FaultDetailResult>;
  /** Returns a fault of this gateway, whatever reported it. */
  getByCode(code: string, call: CallContext): Promise<FaultDetailResult>;
  /** Clears a fault of this gateway, unless another client has locked an entity that it concerns. */
  clearByCode(code: string, call: CallContext): Promise<void>;
  /** Returns the occurrences of a fault, oldest first. */
  history(kind: EntityKind, id: string, code: string, period: FaultPeriod, call: CallContext): Promise<FaultHistory>;
  /**
   * Clears faults with these statuses, including muted ones, together with the symptoms that they explain. Skips faults
   * whose reporters are locked by another client.
   */
  clearAll(parameters: FaultParameters, call: CallContext): Promise<void>;
  /** Clears the open faults of an entity, but not the symptoms that they explain. */
  clearOf(kind: EntityKind, id: string, call: CallContext): Promise<void>;
  /** Clears one fault, but not the symptoms that it explains. */
  clear(kind: EntityKind, id: string, code: string, call: CallContext): Promise<void>;
}

export interface FaultServiceOptions {
  readonly model: Model;
  readonly clock: Clock;
  readonly entityFrames: Pick<EntityFrames, 'of' | 'settled'>;
  readonly locks: Pick<LockAccess, 'change' | 'changeAll' | 'isClosed'>;
  readonly log: Log;
}

const LIST_FAILED = 'Failed to get faults';
const GET_FAILED = 'Failed to get fault';
const CLEAR_FAILED = 'Failed to clear faults';

/** Creates the fault service of a gateway. */
export function createFaultService({ model, clock, entityFrames, locks, log }: FaultServiceOptions): FaultService {
  /** Lists the faults of these managers; `failure` is the error message if none answers. */
  const listOf =
    (failure: string, owners: readonly FaultManager[]) =>
    (statuses: readonly FaultStatus[], includeMuted: boolean, call: CallContext) =>
      queryManagers({ owners, clock, call, failure }, ({ provider }, memberCall) =>
        andThen(provider.list(FAULT_MANAGER_ID, { statuses, includeMuted }, memberCall), (list) => [list]),
      );

  /** Finds a fault of this gateway. */
  const findLocal = async (failure: string, code: string, call: CallContext) => {
    assertFaultCode(code);
    const owners = localManagers(model);
    const { entries, silent } = await queryManagers(
      { owners, clock, call, failure },
      async ({ provider }, memberCall) => {
        const detail = await provider.get(FAULT_MANAGER_ID, code, memberCall);
        return detail ? [detail] : [];
      },
    );
    if (entries[0]) return entries[0];
    throw silent[0] ? managerError(silent[0].error, failure) : notFound();
  };
  /**
   * Builds the detail of a fault with the frames of its entities; `path` is the path of the entity that serves its
   * recordings.
   */
  const detailOf = async ({ owner, entry }: Awaited<ReturnType<typeof findLocal>>, path: string | undefined) => {
    const { code } = entry.fault;
    const isLocalManager = owner.runtime === localManager(model)?.runtime;
    // A client may request a fault from the list before its frames are captured.
    if (isLocalManager) await entityFrames.settled(code);
    const frames = isLocalManager ? entityFrames.of(code) : [];
    // Without an entity there is no download path for recordings.
    const included = path === undefined ? entry.snapshots.filter(({ kind }) => kind !== 'recording') : entry.snapshots;
    const detail = { ...entry, origin: owner.origin, snapshots: withEntityFrames(included, frames) };
    return faultDetail(model.tree, detail, path ?? '');
  };

  /**
   * Finds a fault in the scope of an entity; for reading, also a fault that concerns the entity. Any other fault counts
   * as not found.
   */
  const find = async (failure: string, entity: Entity, code: string, call: CallContext, by: keyof FaultScope) => {
    assertFaultCode(code);
    const owners = managersOf(model, entity);
    const { entries, silent } = await queryManagers(
      { owners, clock, call, failure },
      async ({ provider }, memberCall) => {
        const detail = await provider.get(FAULT_MANAGER_ID, code, memberCall);
        return detail ? [detail] : [];
      },
    );
    const found = entries.find(({ owner, entry }) => faultScope(model.tree, entity, owner.origin)[by](entry.fault));
    if (found) return found;
    throw silent[0] ? managerError(silent[0].error, failure) : notFound();
  };

  /** Returns whether another client has locked the faults of an entity that the fault concerns. */
  const isLocked = ({ owner, entry }: ManagedFault, client: LockClient): boolean =>
    [...entitiesOfFault(model.tree, entry, owner.origin)].some((entity) =>
      locks.isClosed({ entity, collection: 'faults', item: entry.code, client }),
    );
  const open = (faults: readonly ManagedFault[], client: LockClient) =>
    faults.filter((each) => !isLocked(each, client));

  return {
    listAll: ({ status, include_muted, include_clusters, ...selected }, call) => {
      const select = faultSelection(selected);
      const extras = { includeMuted: isSet(include_muted), includeClusters: isSet(include_clusters) };
      const list = listOf(LIST_FAILED, faultManagers(model));
      const answer = list(statusesOf(status), extras.includeMuted, call);
      return andThen(answer, (gathered) => robotFaults(model.tree, gathered, extras, select));
    },
    list: (kind, id, { status }, call) => {
      const { tree } = model;
      const entity = entityOf(tree, kind, id);
      return naming({ [KIND_TERMS[kind].param]: entity.id }, () => {
        const list = listOf(LIST_FAILED, managersOf(model, entity));
        return andThen(list(statusesOf(status), true, call), (gathered) => entityFaults(tree, entity, gathered));
      });
    },
    sample: async (kind, id, call) => {
      const { tree } = model;
      const entity = entityOf(tree, kind, id);
      const list = listOf(LIST_FAILED, managersOf(model, entity));
      return faultSample(tree, entity, await list(statusesOf(undefined), true, call));
    },
    get: async (kind, id, code, call) => {
      const { tree } = model;
      const entity = entityOf(tree, kind, id);
      return naming(parametersOf(entity, code), async () => {
        const found = await find(GET_FAILED, entity, code, call, 'concerns');
        return detailOf(found, `/${KIND_TERMS[kind].collection}/${id}`);
      });
    },
    getByCode: (code, call) =>
      naming({ fault_code: code }, async () => {
        const found = await findLocal(GET_FAILED, code, call);
        const holder = holderOf(model.tree, found.entry.fault);
        return detailOf(found, holder && `/${KIND_TERMS[holder.kind].collection}/${holder.id}`);
      }),
    clearByCode: (code, call) =>
      naming({ fault_code: code }, async () => {
        const { owner, entry } = await findLocal(CLEAR_FAILED, code, call);
        const client = lockClient(call);
        const [entity, ...others] = entitiesOfFault(model.tree, entry.fault);
        const work = () => clearOne(owner, code, call);
        if (!entity) return locks.changeAll('faults', client, work);
        const change = { entity, collection: 'faults', item: code, client, holders: async () => others };
        return locks.change(change, work);
      }),
    history: async (kind, id, code, period, call) => {
      const entity = entityOf(model.tree, kind, id);
      const isWithin = periodTest(period);
      return naming(parametersOf(entity, code), async () => {
        const { provider } = (await find(GET_FAILED, entity, code, call, 'concerns')).owner;
        const occurrences = await provider
          .occurrences(FAULT_MANAGER_ID, code, call)
          .catch((error: unknown) => Promise.reject(managerError(error, GET_FAILED)));
        return { items: occurrences.filter(isWithin).map(occurrenceItem) };
      });
    },
    clearAll: async ({ status }, call) => {
      const statuses = statusesOf(status);
      const client = lockClient(call);
      const list = listOf(CLEAR_FAILED, localManagers(model));
      await locks.changeAll('faults', client, async () => {
        const gathered = await list(statuses, false, call);
        const muted = mutedOf(gathered);
        const isMuted = ({ owner, entry }: ManagedFault): boolean => muted.get(owner)?.has(entry.code) ?? false;
        const symptoms = muted.size > 0 ? faultsOf(await list(OPEN_STATUSES, true, call)).filter(isMuted) : [];
        // A symptom of a locked entity must not be cleared with its root cause.
        const withLocked = new Set(symptoms.filter((each) => isLocked(each, client)).map(({ owner }) => owner));
        const cascade = (manager: FaultManager): boolean => !withLocked.has(manager);
        const options = { cascade, failure: CLEAR_FAILED, log };
        await clearFaults(open(faultsOf(gathered), client), options, call);
        if (muted.size === 0) return;
        // Clears the muted faults that were not cleared with their root causes. Clearing a fault twice would notify
        // every subscriber twice.
        const remaining = faultsOf(await list(statuses, true, call)).filter(isMuted);
        await clearFaults(open(remaining, client), options, call);
      });
    },
    clearOf: async (kind, id, call) => {
      const entity = entityOf(model.tree, kind, id);
      await naming({ [KIND_TERMS[kind].param]: entity.id }, async () => {
        const list = listOf(CLEAR_FAILED, managersOf(model, entity));
        const faults = faultsOf(await list(OPEN_STATUSES, true, call));
        const scope = memoizeByObject((owner: FaultManager) => faultScope(model.tree, entity, owner.origin));
        const inScope = faults.filter(({ owner, entry }) => scope(owner).has(entry));
        await clearFaults(inScope, { cascade: () => false, failure: CLEAR_FAILED, log }, call);
      });
    },
    clear: async (kind, id, code, call) => {
      const entity = entityOf(model.tree, kind, id);
      await naming(parametersOf(entity, code), async () => {
        const { owner } = await find(CLEAR_FAILED, entity, code, call, 'has');
        await clearOne(owner, code, call);
      });
    },
  };
}

/** Clears one fault, but not the symptoms that it explains. */
async function clearOne({ provider }: FaultManager, code: string, call: CallContext): Promise<void> {
  const cleared = await provider
    .clear(FAULT_MANAGER_ID, code, { cascade: false }, call)
    .catch((error: unknown) => Promise.reject(managerError(error, CLEAR_FAILED)));
  if (!cleared) throw notFound();
}

/** A fault with its fault manager. */
type ManagedFault = Owned<FaultManager, Fault>;

/** Returns the muted fault codes by manager: another manager may have faults with the same codes. */
function mutedOf({ entries }: GatheredFaults): ReadonlyMap<FaultManager, ReadonlySet<string>> {
  const muting = entries.filter(({ entry }) => entry.muted.length > 0);
  return new Map(muting.map(({ owner, entry }) => [owner, new Set(entry.muted.map(({ faultCode }) => faultCode))]));
}

function faultsOf({ entries }: GatheredFaults): readonly ManagedFault[] {
  return entries.flatMap(({ owner, entry }) => entry.faults.map(({ fault }) => ({ owner, entry: fault })));
}

function parametersOf({ kind, id }: Entity, code: string): Readonly<Record<string, unknown>> {
  return { [KIND_TERMS[kind].param]: id, fault_code: code };
}

/** Runs `work` and adds these parameters to its errors. */
function naming<T>(parameters: Readonly<Record<string, unknown>>, work: () => Promise<T>): Promise<T>;
function naming<T>(parameters: Readonly<Record<string, unknown>>, work: () => Awaitable<T>): Awaitable<T>;
function naming<T>(parameters: Readonly<Record<string, unknown>>, work: () => Awaitable<T>): Awaitable<T> {
  const failed = (error: unknown): never => {
    throw withParameters(error, parameters);
  };
  try {
    const answer = work();
    return isPromise(answer) ? answer.catch(failed) : answer;
  } catch (error) {
    return failed(error);
  }
}

function notFound(): SovdError {
  return new SovdError({ code: 'resource-not-found', message: 'Fault not found' });
}
