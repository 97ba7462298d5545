import { collectionOf, XMedkitCollection } from './collection.ts';
import { named, oneOf, optional } from './compose.ts';
import * as Type from './type.ts';

/** Minimum time between two events of a cyclic subscription, in milliseconds. */
export const SUBSCRIPTION_PERIODS_MS = { fast: 50, normal: 200, slow: 500 } as const;
export type SubscriptionInterval = keyof typeof SUBSCRIPTION_PERIODS_MS;

export const CyclicSubscription = named(
  'CyclicSubscription',
  Type.Object({
    id: Type.String({ description: '`sub_<n>`, unique within one run of the gateway.' }),
    observed_resource: Type.String({ description: 'Address of the observed resource.' }),
    event_source: Type.String({ description: 'Address of its event stream.' }),
    protocol: Type.String({ description: '`sse`, or a protocol of a plugin.' }),
    interval: oneOf('fast', 'normal', 'slow'),
  }),
);
export type CyclicSubscription = Type.Static<typeof CyclicSubscription>;

export const CyclicSubscriptionList = collectionOf('CyclicSubscriptionList', CyclicSubscription, XMedkitCollection);
export type CyclicSubscriptionList = Type.Static<typeof CyclicSubscriptionList>;

const interval = Type.String({ description: '`fast` (50 ms), `normal` (200 ms) or `slow` (500 ms).' });
const duration = Type.Integer({ description: 'Seconds from now until it ends, above 0.' });

export const CyclicSubscriptionCreateRequest = named(
  'CyclicSubscriptionCreateRequest',
  Type.Object({
    resource: Type.String({
      description:
        'The observed resource: `/api/v1/{kind}/{id}/{collection}` of this entity, an item of its `data`, or `/api/v1/updates/{id}/status`.',
    }),
    interval,
    duration,
    protocol: optional(Type.String({ description: 'Default: `sse`.' })),
  }),
);
export type CyclicSubscriptionCreateRequest = Type.Static<typeof CyclicSubscriptionCreateRequest>;

export const CyclicSubscriptionUpdateRequest = named(
  'CyclicSubscriptionUpdateRequest',
  Type.Object({ interval: optional(interval), duration: optional(duration) }),
);
export type CyclicSubscriptionUpdateRequest = Type.Static<typeof CyclicSubscriptionUpdateRequest>;
