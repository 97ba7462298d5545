import { mapOf, named, oneOf, optional } from './compose.ts';
import { EntityType } from './entity.ts';
import * as Type from './type.ts';

/** Events that a live stream can report besides values. */
export const LIVE_NEWS = ['tree', 'fault', 'incident', 'lock'] as const;
export type LiveNews = (typeof LIVE_NEWS)[number];

/** Maximum values of one live stream, and its interval in milliseconds. */
export const MAX_LIVE_VALUES = 200;
export const LIVE_INTERVAL_MS = { min: 50, usual: 500, max: 60_000 } as const;

/**
 * The current value of an item, or why it is missing. Contains both if the item has a last value and no source updates
 * it any more.
 */
export const LiveValue = named(
  'LiveValue',
  Type.Object({
    value: Type.Optional(Type.Unknown({ description: 'Absent if no value has arrived.' })),
    at_ms: Type.Optional(Type.Number({ description: 'Arrival time of the value, milliseconds since 1970.' })),
    publishers: Type.Optional(
      Type.Integer({
        description: 'Number of publishers: 0 if there are none any more; absent while values arrive.',
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

/** The `data` of a `values` event: the values that changed, keyed by their position in `watch`, counted from 0. */
export const LiveValues = named(
  'LiveValues',
  Type.Object({
    at_ms: Type.Number({
      description: 'Send time by the clock of the gateway; the age of a value is relative to it.',
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
