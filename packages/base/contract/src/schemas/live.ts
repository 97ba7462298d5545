import { mapOf, named, oneOf, optional } from './compose.ts';
import { EntityType } from './entity.ts';
import * as Type from './type.ts';

/** What a live stream can tell besides values. */
export const LIVE_NEWS = ['tree', 'fault', 'incident', 'lock'] as const;
export type LiveNews = (typeof LIVE_NEWS)[number];

/** Values that one live stream tells at most, and how often it tells them, milliseconds. */
export const MAX_LIVE_VALUES = 200;
export const LIVE_INTERVAL_MS = { min: 50, usual: 500, max: 60_000 } as const;

/** A value of the moment, or why there is none; both of an item that has a last value and nobody who tells another. */
export const LiveValue = named(
  'LiveValue',
  Type.Object({
    value: Type.Optional(Type.Unknown({ description: 'Absent where none has come yet.' })),
    at_ms: Type.Optional(Type.Number({ description: 'When the value arrived, milliseconds since 1970.' })),
    publishers: Type.Optional(
      Type.Integer({
        description: 'Who gives values of the item: 0 where nobody does any more; absent while values come.',
      }),
    ),
    error: Type.Optional(
      Type.Object({
        error_code: Type.String(),
        message: Type.String(),
        vendor_code: Type.Optional(Type.String()),
      }),
    ),
  }),
);
export type LiveValue = Type.Static<typeof LiveValue>;

/** The `data` of an event `values`: those that are others than before, by their place in `watch`, from 0. */
export const LiveValues = named(
  'LiveValues',
  Type.Object({
    at_ms: Type.Number({
      description: 'When it is told, by the clock of the gateway: what the age of a value counts from.',
    }),
    values: mapOf(LiveValue),
  }),
);
export type LiveValues = Type.Static<typeof LiveValues>;

/** The `data` of an event `lock`. */
export const LiveLock = named(
  'LiveLock',
  Type.Object({
    change: oneOf('acquired', 'extended', 'released', 'broken', 'expired'),
    id: Type.String(),
    entity: Type.Object({ type: EntityType, id: Type.String() }),
    holder: Type.String(),
    scopes: optional(Type.Array(Type.String(), { description: 'Absent: all collections.' })),
    lock_expiration: Type.String(),
  }),
);
export type LiveLock = Type.Static<typeof LiveLock>;
