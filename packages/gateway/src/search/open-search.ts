import { entityHref, type FaultListResult, type SearchResult } from '@medkit/contract';
import { type CallContext, ENTITY_KINDS, type EntityTree, type Model, memoizeByObject } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { FaultService } from '@medkit/faults';
import type { ReadableEntities } from '../security/account-limit.ts';
import { knownNames } from './known-names.ts';
import { rankResults, type SearchCandidate, searchCandidate } from './rank-results.ts';
import { parseSearchRequest } from './search-request.ts';

export interface SearchOptions {
  readonly model: Model;
  readonly clock: Clock;
  readonly faults: Pick<FaultService, 'listAll'>;
}

/** Searches all known names. */
export interface Search {
  /** With `readable`, finds what the client may read. Throws `invalid-parameter`. */
  search(
    query: Readonly<Record<string, string | undefined>>,
    call: CallContext,
    readable?: ReadableEntities,
  ): Promise<SearchResult>;
  close(): void;
}

export function openSearch({ model, clock, faults }: SearchOptions): Search {
  const names = knownNames({ model, clock });
  const faultsNow = async (
    call: CallContext,
    visible: EntityTree | undefined,
  ): Promise<readonly SearchCandidate[] | undefined> => {
    try {
      return faultsNamed(await faults.listAll({ status: 'all', include_muted: 'true' }, call, visible));
    } catch {
      // The fault manager does not respond: the reply reports that faults are missing.
      return undefined;
    }
  };
  return {
    search: async (query, call, readable) => {
      const wish = parseSearchRequest(query);
      const listed = await names.listed();
      const codes = wish.kinds.has('fault') ? await faultsNow(call, readable?.('faults')) : [];
      const configurations = wish.kinds.has('configuration')
        ? names.configurations(readable?.('configurations'))
        : undefined;
      const candidates = together(readable ? listed.filter(isWithin(readable)) : listed, configurations?.names ?? []);
      const { items, total } = rankResults(together(candidates, codes ?? []), wish);
      const missing = [
        ...(codes ? [] : ['Fault codes: the fault manager does not answer now']),
        ...(configurations && configurations.missing > 0
          ? [`Configurations of ${configurations.missing} entities: their names are being read`]
          : []),
        ...remoteNotes(model, readable?.()),
      ];
      return {
        items: [...items],
        'x-medkit': {
          total,
          ...(missing.length > 0 && { partial: true, missing }),
          ...(configurations?.ageMs !== undefined && { configurations_age_ms: configurations.ageMs }),
        },
      };
    },
    close: () => names.close(),
  };
}

/** Returns whether a client with scopes may read what a name belongs to: a `ReadableEntities` for each kind. */
function isWithin(readable: ReadableEntities): (candidate: SearchCandidate) => boolean {
  const trees = { entity: readable(), data: readable('data'), operation: readable('operations') };
  return ({ found: { kind, id, entity } }) => {
    if (!entity) return ENTITY_KINDS.some((each) => each === kind && trees.entity.get(each, id) !== undefined);
    const tree = kind === 'data' || kind === 'operation' ? trees[kind] : undefined;
    return tree?.get(entity.type, entity.id) !== undefined;
  };
}

function* together(...lists: readonly Iterable<SearchCandidate>[]): Generator<SearchCandidate> {
  for (const list of lists) yield* list;
}

/** Returns notes about resources that only peers know, which are not searched. */
function remoteNotes(model: Model, visible: EntityTree | undefined): readonly string[] {
  const runtimes = model.runtimes.filter((runtime) => model.provider(runtime)?.forwarding);
  const all = [...new Set(runtimes.map((runtime) => model.originOf(runtime) ?? runtime))];
  // A client with scopes knows only the gateways of its entities.
  const origins = visible && new Set(ENTITY_KINDS.flatMap((kind) => visible.all(kind).map(({ origin }) => origin)));
  const names = origins ? all.filter((name) => origins.has(name)) : all;
  return names.length > 0 ? [`Resources and faults of entities of other gateways: search at ${names.join(', ')}`] : [];
}

/** The list is the same object until a fault changes. */
const faultsNamed = memoizeByObject(({ items }: FaultListResult): readonly SearchCandidate[] =>
  items.flatMap(({ fault_code: id, description, entity_id, entity_type }) => {
    const kind = ENTITY_KINDS.find((each) => each === entity_type);
    if (kind === undefined || !entity_id)
      return [searchCandidate({ kind: 'fault', id, name: description || id, href: '/api/v1/faults' })];
    const href = entityHref(kind, entity_id, `faults/${encodeURIComponent(id.toWellFormed())}`);
    const entity = { type: kind, id: entity_id, name: entity_id };
    return [searchCandidate({ kind: 'fault', id, name: description || id, href, entity })];
  }),
);
