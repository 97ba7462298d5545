import { setImmediate } from 'node:timers/promises';
import { entityHref, type SearchKind } from '@medkit/contract';
import { callContext, ENTITY_KINDS, type Entity, type EntityTree, LOCAL, type Model } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { type Owner, placesOf } from '@medkit/entities';
import { type SearchCandidate, searchCandidate } from './rank-results.ts';

/** Timeout for a provider that lists local data. */
const LIST_TIMEOUT_MS = 1000;
/** Timeout for a provider that calls a node. */
const READ_TIMEOUT_MS = 5000;
/** Names read from nodes are refreshed after this time, while clients search. */
const OLD_MS = 60_000;
/** Entities whose items are listed in one event loop turn. */
const LISTED_AT_ONCE = 64;
/** Nodes that are read concurrently. */
const READS_AT_ONCE = 2;
/** Maximum stored names of all nodes together. */
const MAX_CONFIGURATIONS = 50_000;
/** Changes within this time are processed together. */
const SETTLE_MS = 1000;

type Listed = 'data' | 'operations';

/** Names of entities and their resources, as far as known here. */
export interface KnownNames {
  /**
   * Returns the names of entities and of their local resources; reads them again after the tree or the items changed.
   */
  listed(): Promise<readonly SearchCandidate[]>;
  /**
   * Returns the configuration names that were last read; reads outdated and missing ones in the background. With
   * `visible`, those of these entities.
   */
  configurations(visible?: EntityTree): {
    readonly names: readonly SearchCandidate[];
    /** Entities whose names are not read yet. */
    readonly missing: number;
    readonly ageMs: number | undefined;
  };
  close(): void;
}

interface ReadNames {
  readonly atMs: number;
  readonly names: readonly SearchCandidate[];
}

export function knownNames({ model, clock }: { readonly model: Model; readonly clock: Clock }): KnownNames {
  let changes = 0;
  let cached:
    | {
        readonly generation: number;
        readonly changes: number;
        readonly atMs: number;
        readonly names: Promise<readonly SearchCandidate[]>;
      }
    | undefined;
  const read = new Map<string, ReadNames>();
  const ended = new AbortController();
  let reading = 0;
  const queue = new Map<string, Owner<'configurations'>>();
  const stop = model.events.on('data.changed', () => changes++, 'all');

  const listOf = async (): Promise<readonly SearchCandidate[]> => {
    const entities = ENTITY_KINDS.flatMap((kind): readonly Entity[] => model.tree.all(kind));
    const names = entities.map(entityNamed);
    for (let from = 0; from < entities.length; from += LISTED_AT_ONCE) {
      const some = entities.slice(from, from + LISTED_AT_ONCE);
      const items = await Promise.all([...itemsOf(some, 'data'), ...itemsOf(some, 'operations')]);
      names.push(...items.flat());
      // Yields to other work: a large robot has ten thousand items.
      await setImmediate();
    }
    return names;
  };
  const itemsOf = (entities: readonly Entity[], name: Listed): readonly Promise<readonly SearchCandidate[]>[] =>
    localOwners(model, entities, name).map(async ({ entity, provider, nativeId }) => {
      const call = callContext({ clock, timeoutMs: LIST_TIMEOUT_MS, signal: ended.signal });
      try {
        const entries: readonly { readonly id: string; readonly name: string }[] = await provider.list(nativeId, call);
        return entries.map((entry) => itemNamed(entity, name === 'data' ? 'data' : 'operation', entry));
      } catch {
        // A provider that fails has no names here; its list reports the error.
        return [];
      }
    });
  const readNext = (): void => {
    const [next] = queue;
    if (!next || reading >= READS_AT_ONCE || ended.signal.aborted) return;
    const [key, { entity, provider, nativeId }] = next;
    queue.delete(key);
    reading++;
    const call = callContext({ clock, timeoutMs: READ_TIMEOUT_MS, signal: ended.signal });
    Promise.resolve(provider.list(nativeId, call))
      .then(
        (entries) =>
          entries.map((entry) => itemNamed(entity, 'configuration', { ...entry, id: entry.name }, entry.description)),
        // Retains the previous names until the next refresh.
        () => read.get(key)?.names ?? [],
      )
      .then((names) => {
        reading--;
        read.set(key, { atMs: clock.monotonicMs(), names });
        readNext();
      });
    readNext();
  };

  return {
    listed: () => {
      const { generation } = model.tree;
      const nowMs = clock.monotonicMs();
      const isCurrent = cached?.generation === generation && cached.changes === changes;
      if (!cached || (!isCurrent && nowMs - cached.atMs >= SETTLE_MS))
        cached = { generation, changes, atMs: nowMs, names: listOf() };
      return cached.names;
    },
    configurations: (visible) => {
      const all = configurationOwners(model, model.tree);
      for (const key of read.keys()) if (!all.has(key)) read.delete(key);
      const owners = visible ? configurationOwners(model, visible) : all;
      // Another entity may have the same node.
      const isVisible = ({ found: { entity } }: SearchCandidate): boolean =>
        !visible || (entity !== undefined && visible.get(entity.type, entity.id) !== undefined);
      const nowMs = clock.monotonicMs();
      let [missing, oldestMs, count] = [0, nowMs, 0];
      const names: SearchCandidate[] = [];
      for (const [key, owner] of owners) {
        const known = read.get(key);
        if (!known || nowMs - known.atMs >= OLD_MS) queue.set(key, owner);
        if (!known) missing++;
        else if (count + known.names.length > MAX_CONFIGURATIONS) missing++;
        else {
          count += known.names.length;
          oldestMs = Math.min(oldestMs, known.atMs);
          names.push(...known.names.filter(isVisible));
        }
      }
      readNext();
      return { names, missing, ageMs: count > 0 ? Math.round(nowMs - oldestMs) : undefined };
    },
    close: () => {
      stop();
      ended.abort();
      queue.clear();
    },
  };
}

/**
 * Returns the entities of this gateway with the provider of its resources. Resources of members are found with
 * the members.
 */
function localOwners<Name extends Listed | 'configurations'>(
  model: Model,
  entities: readonly Entity[],
  name: Name,
): readonly Owner<Name>[] {
  return entities.flatMap((entity) => placesOf(model, entity, name).filter(({ origin }) => origin === LOCAL));
}

function configurationOwners(model: Model, tree: EntityTree): ReadonlyMap<string, Owner<'configurations'>> {
  const entities = ENTITY_KINDS.flatMap((kind): readonly Entity[] => tree.all(kind));
  const owners = localOwners(model, entities, 'configurations');
  return new Map(owners.map((owner) => [`${owner.runtime} ${owner.nativeId}`, owner]));
}

function entityNamed({ kind, id, name, aliases = [], description = '' }: Entity): SearchCandidate {
  const found = { kind, id, name: name || id, href: entityHref(kind, id) };
  return searchCandidate(found, `${aliases.join(' ')} ${description}`);
}

const COLLECTIONS = { data: 'data', operation: 'operations', configuration: 'configurations' } as const;

function itemNamed(
  { kind, id: entityId, name: entityName }: Entity,
  as: SearchKind & keyof typeof COLLECTIONS,
  { id, name }: { readonly id: string; readonly name: string },
  more?: string,
): SearchCandidate {
  const href = entityHref(kind, entityId, `${COLLECTIONS[as]}/${encodeURIComponent(id.toWellFormed())}`);
  return searchCandidate(
    { kind: as, id, name, href, entity: { type: kind, id: entityId, name: entityName || entityId } },
    more,
  );
}
