import { SovdError } from '@medkit/contract';
import { type CallContext, type Entity, FIRST_DISCOVERY_MS, isEntityId, type Model } from '@medkit/core';
import { type Clock, within } from '@medkit/edges';
import { ask, deadlineMs, FIND } from '../members/ask.ts';
import { withParameters } from '../members/error-parameters.ts';
import { isAggregate, ownersOf } from '../members/owners.ts';
import { type DataOwner, gatherData } from './data-owner.ts';
import { itemsNamed } from './items-named.ts';
import type { MergedEntry } from './merge-entries.ts';
import { MAX_NAMES, unknownItem } from './unknown-item.ts';

export interface NamedDataOptions {
  readonly model: Model;
  readonly clock: Clock;
  /** How long a call waits for an item that may still be found, as while a graph is being discovered; 0: not at all. */
  readonly waitMs: number;
  /** An entity can be asked for what none of its members has, where they can get it. */
  readonly foreignItems: boolean;
}

/** Whom to ask for one item, and under which name. */
export interface DataTarget {
  readonly owner: DataOwner;
  readonly itemId: string;
  /** What carries its values, where that is known. */
  readonly channel?: string;
  /** The member that the client named, where it did. */
  readonly memberId?: string;
}

/**
 * How a name is taken: most ask for an item by its name in the list, which the owner of an entity without members knows at
 * once, or refuses with `resource-not-found`; with `listed` it is looked up in the list in any case.
 */
export type NameIs = 'known' | 'listed';

/** The items that a name means. */
interface FoundItems {
  readonly items: readonly [MergedEntry, ...MergedEntry[]];
  /** None is called so; they end with it. */
  readonly isEnding: boolean;
  /** The member that the client named, where it did. */
  readonly memberId?: string;
}

/**
 * The one way from the name of a data item to those who have it, for reads and writes, triggers, subscriptions and locks.
 * What nobody has is `resource-not-found`, with the nearest name.
 */
export interface NamedData {
  /** Throws where a name means nothing, or where several items end with it; several of an entity's members may be called so. */
  assertMeant(entity: Entity, name: string, call: CallContext): Promise<void>;
  /** Does something with the one item that a name means. Throws `invalid-request` where it is several. */
  use<T>(
    entity: Entity,
    name: string,
    call: CallContext,
    work: (target: DataTarget) => Promise<T>,
    as?: NameIs,
  ): Promise<T>;
  /** What `look` gives of an entity; where that is nothing it looks again, as long as items of the entity may still be found. */
  patiently<T>(
    entity: Entity,
    call: CallContext,
    look: (entity: Entity) => Promise<T | undefined>,
  ): Promise<T | undefined>;
}

export function namedData({ model, clock, waitMs, foreignItems }: NamedDataOptions): NamedData {
  const startedMs = clock.monotonicMs();

  const isIncomplete = async (owners: readonly DataOwner[], call: CallContext): Promise<boolean> => {
    // Who is known by name only may be about to appear.
    if (owners.length === 0) return clock.monotonicMs() - startedMs < FIRST_DISCOVERY_MS;
    const { entries } = await ask({ owners, clock, call, budget: FIND }, async ({ provider, nativeId }, within) => [
      (await provider.isIncomplete?.(nativeId, within)) === true,
    ]);
    return entries.some(({ entry }) => entry);
  };

  const patiently: NamedData['patiently'] = async (asked, call, look) => {
    const untilMs = Math.min(clock.monotonicMs() + waitMs, deadlineMs(clock, call, FIND));
    for (;;) {
      const entity = model.tree.get(asked.kind, asked.id) ?? asked;
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

  const find = async (asked: Entity, name: string, call: CallContext): Promise<FoundItems> => {
    let missing: unknown;
    const found = await patiently(asked, call, async (entity): Promise<FoundItems | undefined> => {
      const { owners, itemName, memberId } = ownersMeant(model, entity, name);
      const { entries, silent } = await gatherData({ owners, clock, call, budget: FIND });
      const { items, isEnding } = itemsNamed(entries, itemName);
      const [first, ...others] = items;
      if (first) return { items: [first, ...others], isEnding, ...(memberId !== undefined && { memberId }) };
      const about = memberId === undefined ? {} : { id: name, member_id: memberId, topic_name: itemName };
      // Those who did not tell may have it.
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
    assertMeant: async (entity, name, call) => {
      const { items, isEnding } = await find(entity, name, call);
      if (isEnding && items.length > 1) throw severalItems(name, items);
    },
    use: async (entity, name, call, work, as = 'known') => {
      const [owner, ...others] = ownersOf(model, entity, 'data');
      const isSole = owner !== undefined && others.length === 0 && !isAggregate(model.tree, entity);
      try {
        if (isSole && !foreignItems && as === 'known') return await work({ owner, itemId: name });
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
 * Who may have the item that a name means, and what they call it: an aggregate names its members before a colon. What else
 * comes before one belongs to the name.
 */
export function ownersMeant(
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

/** The error of a name that means several items where one is needed. */
function severalItems(name: string, items: readonly MergedEntry[]): SovdError {
  const ids = items.map(({ id }) => id);
  return new SovdError({
    code: 'invalid-request',
    message: `Several items have this name; ask for one of ${ids.slice(0, MAX_NAMES).join(', ')}`,
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

/** The next moment when somebody may have other items. */
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
