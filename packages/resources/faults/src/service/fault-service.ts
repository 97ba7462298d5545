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
  type EntityTree,
  FAULT_MANAGER_ID,
  type FaultDetail,
  type Log,
  type Model,
} from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { entityOf } from '@medkit/entities';
import type { LockAccess } from '@medkit/locks';
import { type EntityFrames, withEntityFrames } from './entity-frames/entity-frames.ts';
import { FaultClearing } from './fault-clearing.ts';
import { faultDetail } from './fault-detail.ts';
import { isSet, statusesOf } from './fault-filter.ts';
import { type FaultPeriod, occurrenceItem, periodTest } from './fault-history.ts';
import { entityFaults, type FaultSample, faultSample, robotFaults } from './fault-list.ts';
import { FaultLookup, type FoundFault, naming, notFound, parametersOf } from './fault-lookup.ts';
import { faultManagers, localManager, managerError, managersOf } from './fault-managers.ts';
import { faultSelection, type SelectionParameters } from './fault-selection.ts';
import { faultScope, holderOf } from './fault-sources.ts';
import { visibleDetail, visibleFaults } from './visible-faults.ts';

/** The query parameters of a request, unparsed. */
export type FaultParameters = Readonly<
  Partial<Record<'status' | 'include_muted' | 'include_clusters', string | undefined>>
>;

/**
 * The faults of entities and of the whole robot, from all fault managers. Every call throws `SovdError`. Lists and
 * their errors are synchronous if no manager must be awaited. With `visible`, the entities that the client sees, calls
 * have the faults of these entities only, and do not change those of others.
 */
export interface FaultService {
  listAll(
    parameters: FaultParameters & SelectionParameters,
    call: CallContext,
    visible?: EntityTree,
  ): Awaitable<FaultListResult>;
  list(
    kind: EntityKind,
    id: string,
    parameters: FaultParameters,
    call: CallContext,
    visible?: EntityTree,
  ): Awaitable<FaultListResult>;
  /** Returns the faults of `list` without parameters, in the form of cyclic subscriptions. */
  sample(kind: EntityKind, id: string, call: CallContext): Promise<FaultSample>;
  get(kind: EntityKind, id: string, code: string, call: CallContext, visible?: EntityTree): Promise<FaultDetailResult>;
  /** Returns a fault of this gateway, whatever reported it. */
  getByCode(code: string, call: CallContext): Promise<FaultDetailResult>;
  /** Clears a fault of this gateway, unless another client has locked an entity that it concerns. */
  clearByCode(code: string, call: CallContext): Promise<void>;
  /**
   * Returns the occurrences of a fault, oldest first. With `visible`, rejects for a fault with other reporters: an
   * occurrence does not name its reporters.
   */
  history(
    kind: EntityKind,
    id: string,
    code: string,
    period: FaultPeriod,
    call: CallContext,
    visible?: EntityTree,
  ): Promise<FaultHistory>;
  /**
   * Clears faults with these statuses, including muted ones, together with the symptoms that they explain. Skips faults
   * whose reporters are locked by another client.
   */
  clearAll(parameters: FaultParameters, call: CallContext): Promise<void>;
  /** Clears the open faults of an entity, but not the symptoms that they explain. */
  clearOf(kind: EntityKind, id: string, call: CallContext, visible?: EntityTree): Promise<void>;
  /** Clears one fault, but not the symptoms that it explains. */
  clear(kind: EntityKind, id: string, code: string, call: CallContext, visible?: EntityTree): Promise<void>;
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

/** Creates the fault service of a gateway. */
export function createFaultService(options: FaultServiceOptions): FaultService {
  return new ManagedFaults(options);
}

class ManagedFaults implements FaultService {
  readonly #options: FaultServiceOptions;
  readonly #lookup: FaultLookup;
  readonly #clearing: FaultClearing;

  constructor(options: FaultServiceOptions) {
    this.#options = options;
    this.#lookup = new FaultLookup(options);
    this.#clearing = new FaultClearing({ ...options, lookup: this.#lookup });
  }

  listAll(
    { status, include_muted, include_clusters, ...selected }: FaultParameters & SelectionParameters,
    call: CallContext,
    visible?: EntityTree,
  ): Awaitable<FaultListResult> {
    const { model } = this.#options;
    const select = faultSelection(selected);
    const extras = { includeMuted: isSet(include_muted), includeClusters: isSet(include_clusters) };
    const list = this.#lookup.listOf(LIST_FAILED, faultManagers(model));
    const answer = list(statusesOf(status), extras.includeMuted || visible !== undefined, call);
    return andThen(answer, (gathered) => {
      const { tree } = model;
      if (!visible) return robotFaults(tree, gathered, extras, select);
      return robotFaults(visible, visibleFaults({ tree, visible }, gathered, extras.includeMuted), extras, select);
    });
  }

  list(
    kind: EntityKind,
    id: string,
    { status }: FaultParameters,
    call: CallContext,
    visible?: EntityTree,
  ): Awaitable<FaultListResult> {
    const { model } = this.#options;
    const { tree } = model;
    const entity = entityOf(visible ?? tree, kind, id);
    return naming({ [KIND_TERMS[kind].param]: entity.id }, () => {
      const list = this.#lookup.listOf(LIST_FAILED, managersOf(model, entity));
      return andThen(list(statusesOf(status), true, call), (gathered) =>
        visible
          ? entityFaults(visible, entity, visibleFaults({ tree, visible }, gathered))
          : entityFaults(tree, entity, gathered),
      );
    });
  }

  async sample(kind: EntityKind, id: string, call: CallContext): Promise<FaultSample> {
    const { model } = this.#options;
    const entity = entityOf(model.tree, kind, id);
    const list = this.#lookup.listOf(LIST_FAILED, managersOf(model, entity));
    return faultSample(model.tree, entity, await list(statusesOf(undefined), true, call));
  }

  async get(
    kind: EntityKind,
    id: string,
    code: string,
    call: CallContext,
    visible?: EntityTree,
  ): Promise<FaultDetailResult> {
    const { tree } = this.#options.model;
    const entity = entityOf(tree, kind, id);
    return naming(parametersOf(entity, code), async () => {
      const found = await this.#lookup.find(GET_FAILED, { entity, code, by: 'concerns' }, call);
      if (visible) {
        const detail = { ...this.#detailIn(visible, entity, found), origin: found.owner.origin };
        return faultDetail(visible, detail, `/${KIND_TERMS[kind].collection}/${entity.id}`);
      }
      return this.#detailOf(found, `/${KIND_TERMS[kind].collection}/${id}`);
    });
  }

  getByCode(code: string, call: CallContext): Promise<FaultDetailResult> {
    return naming({ fault_code: code }, async () => {
      const found = await this.#lookup.findLocal(GET_FAILED, code, call);
      const holder = holderOf(this.#options.model.tree, found.entry.fault);
      return this.#detailOf(found, holder && `/${KIND_TERMS[holder.kind].collection}/${holder.id}`);
    });
  }

  async history(
    kind: EntityKind,
    id: string,
    code: string,
    period: FaultPeriod,
    call: CallContext,
    visible?: EntityTree,
  ): Promise<FaultHistory> {
    const entity = entityOf(this.#options.model.tree, kind, id);
    const isWithin = periodTest(period);
    return naming(parametersOf(entity, code), async () => {
      const found = await this.#lookup.find(GET_FAILED, { entity, code, by: 'concerns' }, call);
      if (visible && this.#detailIn(visible, entity, found).fault.sources.length < found.entry.fault.sources.length) {
        const message =
          'The fault has reporters outside of the scopes of your account, and its occurrences do not name their reporters: use an account that may read the faults of all of them';
        throw new SovdError({ code: 'insufficient-access-rights', message });
      }
      const { provider } = found.owner;
      const occurrences = await provider
        .occurrences(FAULT_MANAGER_ID, code, call)
        .catch((error: unknown) => Promise.reject(managerError(error, GET_FAILED)));
      return { items: occurrences.filter(isWithin).map(occurrenceItem) };
    });
  }

  clearByCode(code: string, call: CallContext): Promise<void> {
    return this.#clearing.clearByCode(code, call);
  }

  clearAll(parameters: FaultParameters, call: CallContext): Promise<void> {
    return this.#clearing.clearAll(parameters, call);
  }

  clearOf(kind: EntityKind, id: string, call: CallContext, visible?: EntityTree): Promise<void> {
    return this.#clearing.clearOf(kind, id, call, visible);
  }

  clear(kind: EntityKind, id: string, code: string, call: CallContext, visible?: EntityTree): Promise<void> {
    return this.#clearing.clear(kind, id, code, call, visible);
  }

  /** Returns what a client sees of a fault of an entity. Throws `resource-not-found` if it sees nothing. */
  #detailIn(visible: EntityTree, { kind, id }: Entity, { owner, entry }: FoundFault): FaultDetail {
    const { origin } = owner;
    const seen = visibleDetail({ tree: this.#options.model.tree, visible }, entry, origin);
    // What concerns the entity only through an invisible one is not its fault for the client.
    if (!seen || !faultScope(visible, entityOf(visible, kind, id), origin).concerns(seen.fault)) throw notFound();
    return seen;
  }

  /**
   * Builds the detail of a fault with the frames of its entities; `path` is the path of the entity that serves its
   * recordings.
   */
  async #detailOf({ owner, entry }: FoundFault, path: string | undefined): Promise<FaultDetailResult> {
    const { model, entityFrames } = this.#options;
    const { code } = entry.fault;
    const isLocalManager = owner.runtime === localManager(model)?.runtime;
    // A client may request a fault from the list before its frames are captured.
    if (isLocalManager) await entityFrames.settled(code);
    const frames = isLocalManager ? entityFrames.of(code) : [];
    // Without an entity there is no download path for recordings.
    const included = path === undefined ? entry.snapshots.filter(({ kind }) => kind !== 'recording') : entry.snapshots;
    const detail = { ...entry, origin: owner.origin, snapshots: withEntityFrames(included, frames) };
    return faultDetail(model.tree, detail, path ?? '');
  }
}
