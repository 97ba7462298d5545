import { type EntityKind, KIND_TERMS, SovdError } from '@medkit/contract';
import {
  type CallContext,
  type EntityTree,
  FAULT_MANAGER_ID,
  type Fault,
  type Log,
  type Model,
  memoizeByObject,
} from '@medkit/core';
import { entityOf, type Owned } from '@medkit/entities';
import { type LockAccess, type LockClient, lockClient } from '@medkit/locks';
import { clearFaults } from './clear-faults.ts';
import { OPEN_STATUSES, statusesOf } from './fault-filter.ts';
import type { GatheredFaults } from './fault-list.ts';
import { type FaultLookup, naming, notFound, parametersOf } from './fault-lookup.ts';
import { type FaultOwner, localManagers, managerError, managersOf } from './fault-managers.ts';
import { entitiesOfFault, faultScope } from './fault-sources.ts';
import { invisibleEntities } from './visible-faults.ts';

const CLEAR_FAILED = 'Failed to clear faults';

export interface FaultClearingOptions {
  readonly model: Model;
  readonly lookup: FaultLookup;
  readonly locks: Pick<LockAccess, 'change' | 'changeAll' | 'isClosed'>;
  readonly log: Log;
}

/** Clears faults, except those that another client has locked. The methods are those of `FaultService`. */
export class FaultClearing {
  readonly #options: FaultClearingOptions;

  constructor(options: FaultClearingOptions) {
    this.#options = options;
  }

  clearByCode(code: string, call: CallContext): Promise<void> {
    const { model, lookup, locks } = this.#options;
    return naming({ fault_code: code }, async () => {
      const { owner, entry } = await lookup.findLocal(CLEAR_FAILED, code, call);
      const client = lockClient(call);
      const [entity, ...others] = entitiesOfFault(model.tree, entry.fault);
      const work = () => clearOne(owner, code, call);
      if (!entity) return locks.changeAll('faults', client, work);
      const change = { entity, collection: 'faults', item: code, client, holders: async () => others };
      return locks.change(change, work);
    });
  }

  async clearAll({ status }: { readonly status?: string | undefined }, call: CallContext): Promise<void> {
    const { model, lookup, locks, log } = this.#options;
    const statuses = statusesOf(status);
    const client = lockClient(call);
    const list = lookup.listOf(CLEAR_FAILED, localManagers(model));
    await locks.changeAll('faults', client, async () => {
      const gathered = await list(statuses, false, call);
      const muted = mutedOf(gathered);
      const isMuted = ({ owner, entry }: ManagedFault): boolean => muted.get(owner)?.has(entry.code) ?? false;
      const symptoms = muted.size > 0 ? faultsOf(await list(OPEN_STATUSES, true, call)).filter(isMuted) : [];
      // A symptom of a locked entity must not be cleared with its root cause.
      const withLocked = new Set(symptoms.filter((each) => this.#isLocked(each, client)).map(({ owner }) => owner));
      const cascade = (manager: FaultOwner): boolean => !withLocked.has(manager);
      const options = { cascade, failure: CLEAR_FAILED, log };
      await clearFaults(this.#unlocked(faultsOf(gathered), client), options, call);
      if (muted.size === 0) return;
      // Clears the muted faults that were not cleared with their root causes. Clearing a fault twice would notify
      // every subscriber twice.
      const remaining = faultsOf(await list(statuses, true, call)).filter(isMuted);
      await clearFaults(this.#unlocked(remaining, client), options, call);
    });
  }

  async clearOf(kind: EntityKind, id: string, call: CallContext, visible?: EntityTree): Promise<void> {
    const { model, lookup, log } = this.#options;
    const entity = entityOf(model.tree, kind, id);
    await naming({ [KIND_TERMS[kind].param]: entity.id }, async () => {
      const list = lookup.listOf(CLEAR_FAILED, managersOf(model, entity));
      const faults = faultsOf(await list(OPEN_STATUSES, true, call));
      const scope = memoizeByObject((owner: FaultOwner) => faultScope(model.tree, entity, owner.origin));
      const inScope = faults.filter(({ owner, entry }) => scope(owner).has(entry));
      this.#assertVisible(inScope, visible);
      await clearFaults(inScope, { cascade: () => false, failure: CLEAR_FAILED, log }, call);
    });
  }

  async clear(kind: EntityKind, id: string, code: string, call: CallContext, visible?: EntityTree): Promise<void> {
    const { model, lookup } = this.#options;
    const entity = entityOf(model.tree, kind, id);
    await naming(parametersOf(entity, code), async () => {
      if (visible) {
        // The client does not see the other reporters, so it cannot know that their entity has the fault, too.
        const { owner, entry } = await lookup.find(CLEAR_FAILED, { entity, code, by: 'concerns' }, call);
        this.#assertVisible([{ owner, entry: entry.fault }], visible);
      }
      const { owner } = await lookup.find(CLEAR_FAILED, { entity, code, by: 'has' }, call);
      await clearOne(owner, code, call);
    });
  }

  /** Throws `insufficient-access-rights` if a fault also concerns entities that the client does not see. */
  #assertVisible(faults: readonly ManagedFault[], visible: EntityTree | undefined): void {
    if (!visible) return;
    const { tree } = this.#options.model;
    const count = ({ owner, entry }: ManagedFault) => invisibleEntities({ tree, visible }, entry, owner.origin);
    const others = Math.max(0, ...faults.map(count));
    if (others === 0) return;
    throw new SovdError({
      code: 'insufficient-access-rights',
      message: `The fault also concerns ${others} ${others === 1 ? 'entity' : 'entities'} outside of the scopes of your account: use an account that may clear the faults of all of them`,
    });
  }

  /** Returns whether another client has locked the faults of an entity that the fault concerns. */
  #isLocked({ owner, entry }: ManagedFault, client: LockClient): boolean {
    const { model, locks } = this.#options;
    return [...entitiesOfFault(model.tree, entry, owner.origin)].some((entity) =>
      locks.isClosed({ entity, collection: 'faults', item: entry.code, client }),
    );
  }

  #unlocked(faults: readonly ManagedFault[], client: LockClient): readonly ManagedFault[] {
    return faults.filter((each) => !this.#isLocked(each, client));
  }
}

/** Clears one fault, but not the symptoms that it explains. */
async function clearOne({ provider }: FaultOwner, code: string, call: CallContext): Promise<void> {
  const cleared = await provider
    .clear(FAULT_MANAGER_ID, code, { cascade: false }, call)
    .catch((error: unknown) => Promise.reject(managerError(error, CLEAR_FAILED)));
  if (!cleared) throw notFound();
}

/** A fault with its fault manager. */
type ManagedFault = Owned<FaultOwner, Fault>;

/** Returns the muted fault codes by manager: another manager may have faults with the same codes. */
function mutedOf({ entries }: GatheredFaults): ReadonlyMap<FaultOwner, ReadonlySet<string>> {
  const muting = entries.filter(({ entry }) => entry.muted.length > 0);
  return new Map(muting.map(({ owner, entry }) => [owner, new Set(entry.muted.map(({ faultCode }) => faultCode))]));
}

function faultsOf({ entries }: GatheredFaults): readonly ManagedFault[] {
  return entries.flatMap(({ owner, entry }) => entry.faults.map(({ fault }) => ({ owner, entry: fault })));
}
