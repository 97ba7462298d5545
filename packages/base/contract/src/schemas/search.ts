import { named, oneOf } from './compose.ts';
import { EntityType } from './entity.ts';
import * as Type from './type.ts';

/** Kinds of search results. */
export const SEARCH_KINDS = [
  'area',
  'component',
  'app',
  'function',
  'data',
  'operation',
  'configuration',
  'fault',
] as const;
export type SearchKind = (typeof SEARCH_KINDS)[number];

/** Bounds of a search: items in one response, characters and words of the query. */
export const SEARCH_LIMIT = { min: 1, usual: 20, max: 100 } as const;
export const MAX_SEARCH_CHARS = 200;
export const MAX_SEARCH_TERMS = 8;

export const Found = named(
  'Found',
  Type.Object({
    kind: oneOf(...SEARCH_KINDS),
    id: Type.String(),
    name: Type.String(),
    href: Type.String(),
    entity: Type.Optional(
      Type.Object(
        { type: EntityType, id: Type.String(), name: Type.String() },
        { description: 'The entity that it belongs to.' },
      ),
    ),
  }),
);
export type Found = Type.Static<typeof Found>;

export const SearchResult = named(
  'SearchResult',
  Type.Object({
    items: Type.Array(Found, { description: 'Best matches first.' }),
    'x-medkit': Type.Object({
      total: Type.Integer({ description: 'Total number of matches; the list contains the best.' }),
      partial: Type.Optional(
        Type.Boolean({
          description: 'True if something was not searched; `missing` says what.',
        }),
      ),
      missing: Type.Optional(Type.Array(Type.String(), { description: 'As sentences.' })),
      configurations_age_ms: Type.Optional(
        Type.Integer({ description: 'Age of the oldest cached list of configuration names.' }),
      ),
    }),
  }),
);
export type SearchResult = Type.Static<typeof SearchResult>;
