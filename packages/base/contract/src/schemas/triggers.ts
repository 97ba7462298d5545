import { collectionOf, XMedkitCollection } from './collection.ts';
import { anything, named, oneOf, optional } from './compose.ts';
import * as Type from './type.ts';
import { WebhookTarget } from './webhooks.ts';

const log_settings = optional(
  Type.Object(
    {
      severity: optional(Type.String({ description: '`debug`, `info` (default), `warning`, `error` or `fatal`.' })),
      marker: optional(Type.String({ description: 'Beginning of the entry; default `Trigger fired`.' })),
    },
    { description: 'Writes an entry to the log of the entity when it fires. Such entries fire no trigger.' },
  ),
);
const path = optional(
  Type.String({
    description:
      'JSON Pointer to the part of the value that is evaluated, `/pose/position/x`. If absent, the whole value; for a range, its main number.',
  }),
);
const multishot = Type.Boolean({ description: 'It stays active after it has fired.' });
const persistent = Type.Boolean({ description: 'It survives a restart of the gateway, with its events.' });

export const TriggerXMedkit = named(
  'TriggerXMedkit',
  Type.Object({
    owner: optional(Type.String({ description: 'The client that created it and may change and delete it.' })),
    fired_total: Type.Integer({ minimum: 0, description: 'Number of times it has fired.' }),
    last_fired: optional(Type.String({ description: 'When it last fired, in UTC.' })),
    expires: optional(Type.String({ description: 'When its lifetime ends, in UTC.' })),
    problem: optional(Type.String({ description: 'Why it cannot fire at the moment, as a sentence.' })),
    webhook: optional(
      Type.Object({ origin: Type.String({ description: 'Scheme, host and port of the target of its events.' }) }),
    ),
  }),
);
export type TriggerXMedkit = Type.Static<typeof TriggerXMedkit>;

export const Trigger = named(
  'Trigger',
  Type.Object({
    id: Type.String({ description: '`trig_<n>`, never reused.' }),
    status: oneOf('active', 'terminated'),
    observed_resource: Type.String(),
    event_source: Type.String({ description: 'Address of its events.' }),
    protocol: Type.String({ description: '`sse` or `webhook`.' }),
    trigger_condition: anything({ description: 'The condition with its parameters, as requested.' }),
    multishot,
    persistent,
    lifetime: optional(Type.Integer({ description: 'Requested lifetime in seconds; absent: unlimited.' })),
    path,
    log_settings,
    'x-medkit': optional(TriggerXMedkit),
  }),
);
export type Trigger = Type.Static<typeof Trigger>;

export const TriggerList = collectionOf('TriggerList', Trigger, XMedkitCollection);
export type TriggerList = Type.Static<typeof TriggerList>;

export const TriggerCreateRequest = named(
  'TriggerCreateRequest',
  Type.Object({
    resource: Type.String({
      description:
        'Address of the observed resource: `/api/v1/{areas|components|apps|functions}/{id}/{collection}[/item]`, of the entity in the path. The collection is `data` (with an item), `faults`, `operations`, `updates`, `logs`, or begins with `x-`. Also `/api/v1/updates/{id}/status`, an update of the whole robot.',
    }),
    trigger_condition: anything({
      description:
        'An object with a `condition_type` and its parameters: `OnChange`; `OnChangeTo` with `target_value`; `EnterRange` and `LeaveRange` with `lower_bound` and `upper_bound`, both inclusive; `x-…` of a plugin.',
    }),
    protocol: optional(
      Type.String({ description: '`sse` (default), or `webhook`, which also delivers to `webhook`.' }),
    ),
    webhook: optional(WebhookTarget),
    multishot: optional(multishot),
    persistent: optional(persistent),
    lifetime: optional(Type.Integer({ description: 'Seconds until it ends, above 0; absent: unlimited.' })),
    path,
    log_settings,
  }),
);
export type TriggerCreateRequest = Type.Static<typeof TriggerCreateRequest>;

export const TriggerUpdateRequest = named(
  'TriggerUpdateRequest',
  Type.Object({ lifetime: Type.Integer({ description: 'Seconds from now until it ends, above 0.' }) }),
);
export type TriggerUpdateRequest = Type.Static<typeof TriggerUpdateRequest>;
