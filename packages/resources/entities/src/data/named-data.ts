import { SovdError } from '@medkit/contract';
import { type CallContext, type Entity, FIRST_DISCOVERY_MS, isEntityId, type Model } from '@medkit/core';
import { type Clock, within } from '@medkit/edges';
import { ask, deadlineMs, FIND } from '../members/ask.ts';
import { withParameters } from '../members/error-parameters.ts';
import { isAggregate, ownersOf } from '../members/owners.ts';
import { type DataOwner, gatherData } from './data-owner.ts';
import type { MergedEntry } from './merge-entries.ts';
import { resolveItems } from './resolve-items.ts';
import { MAX_NAMES, unknownItem } from './unknown-item.ts';

export interface NamedDataOptions {
  readonly model: Model;
  readonly clock: Clock;
  /**
   * How long a call waits for an item that may still appear, for example during graph discovery; 0 disables waiting.
   */
  readonly waitMs: number;
  /** Whether an entity can be asked for items that no member has, if a member's runtime can read them. */
  readonly foreignItems: boolean;
}

/** The owner of one item, and the item's id there. */
export interface DataTarget {
  readonly owner: DataOwner;
  readonly itemId: string;
  /** Native channel of the values, if known. */
  readonly channel?: string;
  /** The member that the client named, if any. */
  readonly memberId?: string;
}

/**
 * How a name is resolved. `known`: asks the owner of an entity without members directly, which refuses an unknown name
 * with `resource-not-found`. `listed`: always looks the name up in the list.
 */
export type NameIs = 'known' | 'listed';

/** The items that a name resolves to. */
interface FoundItems {
  readonly items: readonly [MergedEntry, ...MergedEntry[]];
  /** True if no item has this name and the items only end with it. */
  readonly isEnding: boolean;
  /** The member that the client named, if any. */
  readonly memberId?: string;
}

/**
 * Resolves the names of data items to their owners, for reads, writes, triggers, subscriptions and locks. An unknown
 * name is `resource-not-found`, with the nearest name.
 */
export interface NamedData {
  /**
   * Throws if the name is unknown, or if several items end with it. Several members may each have an item with the full
   * name.
   */
  assertResolvable(entity: Entity, name: string, call: CallContext): Promise<void>;
  /** Runs `work` with the one item that a name resolves to. Throws `invalid-request` if there are several. */
  use<T>(
    entity: Entity,
    name: string,
    call: CallContext,
    work: (target: DataTarget) => Promise<T>,
    as?: NameIs,
  ): Promise<T>;
  /**
   * Calls `look` for an entity and returns its result. If it is `undefined`, calls it again while items of the entity
   * may still appear.
   */
  patiently<T>(
    entity: Entity,
    call: CallContext,
    look: (entity: Entity) => Promise<T | undefined>,
  ): Promise<T | undefined>;
}

export function namedData({ model, clock, waitMs, foreignItems }: NamedDataOptions): NamedData {
  const startedMs = clock.monotonicMs();

  const isIncomplete = async (owners: readonly DataOwner[], call: CallContext): Promise<boolean> => {
    // An entity without owners is known by name only and may appear shortly.
    if (owners.length === 0) return clock.monotonicMs() - startedMs < FIRST_DISCOVERY_MS;
    const { entries } = await ask({ owners, clock, call, budget: FIND }, async ({ provider, nativeId }, memberCall) => [
      (await provider.isIncomplete?.(nativeId, memberCall)) === true,
    ]);
    return entries.some(({ entry }) => entry);
  };

  const patiently: NamedData['patiently'] = async (requested, call, look) => {
    const untilMs = Math.min(clock.monotonicMs() + waitMs, deadlineMs(clock, call, FIND));
    for (;;) {
      const entity = model.tree.get(requested.kind, requested.id) ?? requested;
      const changed = nextChange(model);
      try {
        const found = await look(entity);
        const leftMs = untilMs - clock.monotonicMs();
        if (found !== undefined || waitMs === 0 || leftMs <= 0) return found;
        if (!(await isIncomplete(ownersOf(model, entity, 'data'), call))) return undefined;
        await within(clock, leftMs, changed.promise, () => undefined);
      } finally {
        changed.stop();
      }
    }
  };

  const find = async (requested: Entity, name: string, call: CallContext): Promise<FoundItems> => {
    let missing: unknown;
    const found = await patiently(requested, call, async (entity): Promise<FoundItems | undefined> => {
      const { owners, itemName, memberId } = resolveOwners(model, entity, name);
      const { entries, silent } = await gatherData({ owners, clock, call, budget: FIND });
      const { items, isEnding } = resolveItems(entries, itemName);
      const [first, ...others] = items;
      if (first) return { items: [first, ...others], isEnding, ...(memberId !== undefined && { memberId }) };
      const about = memberId === undefined ? {} : { id: name, member_id: memberId, topic_name: itemName };
      // An owner that did not answer may have the item.
      if (silent[0]) throw withParameters(silent[0].error, about);
      const known = entries.map(({ entry }) => entry.id);
      missing = withParameters(unknownTo(model, entity, { name, itemName, memberId, owners, known }), about);
      return undefined;
    });
    if (!found) throw missing;
    return found;
  };

  const targetOf = async (entity: Entity, name: string, call: CallContext): Promise<DataTarget> => {
    const { items, memberId } = await find(entity, name, call);
    const [{ entry, owners }, ...others] = items;
    if (others.length === 0) {
      const { id: itemId, channel } = entry;
      const carried = channel && { channel: channel.name };
      return { owner: owners[0], itemId, ...carried, ...(memberId !== undefined && { memberId }) };
    }
    throw severalItems(name, items);
  };

  return {
    patiently,
    assertResolvable: async (entity, name, call) => {
      const { items, isEnding } = await find(entity, name, call);
      if (isEnding && items.length > 1) throw severalItems(name, items);
    },
    use: async (entity, name, call, work, as = 'known') => {
      const [owner, ...others] = ownersOf(model, entity, 'data');
      const isOnlyOwner = owner !== undefined && others.length === 0 && !isAggregate(model.tree, entity);
      try {
        if (isOnlyOwner && !foreignItems && as === 'known') return await work({ owner, itemId: name });
      } catch (error) {
        if (!isUnknown(error)) throw error;
      }
      const target = await targetOf(entity, name, call).catch((error: unknown): DataTarget => {
        if (!foreignItems || !owner || !isUnknown(error)) throw error;
        return { owner, itemId: name };
      });
      return work(target);
    },
  };
}

/**
 * Returns the owners that may have an item, and its name there. For an aggregate, a member's id before a colon selects
 * that member; otherwise the colon belongs to the name.
 */
export function resolveOwners(
  model: Model,
  entity: Entity,
  name: string,
): { readonly owners: readonly DataOwner[]; readonly itemName: string; readonly memberId?: string } {
  const { tree } = model;
  const owners = ownersOf(model, entity, 'data');
  const colon = name.indexOf(':');
  const memberId = name.slice(0, Math.max(0, colon));
  const isMember = isAggregate(tree, entity) && tree.members(entity).some(({ id }) => id === memberId);
  if (!isMember) return { owners, itemName: name };
  return { owners: owners.filter((owner) => owner.entity.id === memberId), itemName: name.slice(colon + 1), memberId };
}

/** Creates the error for an ambiguous name. */
function severalItems(name: string, items: readonly MergedEntry[]): SovdError {
  const ids = items.map(({ id }) => id);
  return new SovdError({
    code: 'invalid-request',
    message: `Several items have this name; use one of ${ids.slice(0, MAX_NAMES).join(', ')}`,
    parameters: { id: name, candidates: ids.slice(0, MAX_NAMES) },
  });
}

function isUnknown(error: unknown): boolean {
  return error instanceof SovdError && error.code === 'resource-not-found';
}

function unknownTo(
  { tree }: Pick<Model, 'tree'>,
  entity: Entity,
  {
    name,
    itemName,
    memberId,
    owners,
    known,
  }: {
    readonly name: string;
    readonly itemName: string;
    readonly memberId: string | undefined;
    readonly owners: readonly DataOwner[];
    readonly known: readonly string[];
  },
): SovdError {
  const [member = ''] = name.split(':', 1);
  if (memberId === undefined && name.includes(':') && isAggregate(tree, entity) && isEntityId(member)) {
    const parameters = { id: name, member_id: member, topic_name: name.slice(member.length + 1) };
    return new SovdError({ code: 'resource-not-found', message: 'Member not found in entity', parameters });
  }
  if (owners.length === 0) {
    const isOffline = entity.kind === 'app' && entity.online === false;
    const message = isOffline ? `App ${entity.id} is offline: it has no data` : 'The entity has no data';
    return new SovdError({ code: 'resource-not-found', message, parameters: { id: name } });
  }
  return unknownItem(entity, itemName, known, memberId);
}

/** Resolves when the items or entities change next. */
function nextChange({ events }: Pick<Model, 'events'>): { readonly promise: Promise<void>; readonly stop: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stops = [events.on('data.changed', () => resolve(), 'all'), events.on('entities.changed', () => resolve())];
  return {
    promise,
    stop: () => {
      for (const stop of stops) stop();
    },
  };
}
