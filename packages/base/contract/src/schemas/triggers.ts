import { collectionOf, XMedkitCollection } from './collection.ts';
import { anything, named, oneOf, optional } from './compose.ts';
import * as Type from './type.ts';
import { WebhookTarget } from './webhooks.ts';

const log_settings = optional(
  Type.Object(
    {
      severity: optional(Type.String({ description: '`debug`, `info` (default), `warning`, `error` or `fatal`.' })),
      marker: optional(Type.String({ description: 'What the entry begins with; `Trigger fired` unless given.' })),
    },
    { description: 'Writes an entry into the log of the entity when it fires. Such entries fire no trigger.' },
  ),
);
const path = optional(
  Type.String({
    description:
      'JSON Pointer to the part of the value that is judged, `/pose/position/x`. Without it the value as a whole is; for a range the number that it is about.',
  }),
);
const multishot = Type.Boolean({ description: 'It goes on after it has fired.' });
const persistent = Type.Boolean({ description: 'It outlives a restart of the gateway, with its events.' });

export const TriggerXMedkit = named(
  'TriggerXMedkit',
  Type.Object({
    owner: optional(Type.String({ description: 'Who made it, and may change and delete it.' })),
    fired_total: Type.Integer({ minimum: 0, description: 'How often it has fired.' }),
    last_fired: optional(Type.String({ description: 'When it fired last, in UTC.' })),
    expires: optional(Type.String({ description: 'When its lifetime ends, in UTC.' })),
    problem: optional(Type.String({ description: 'Why it cannot fire at the moment, in a sentence.' })),
    webhook: optional(
      Type.Object({ origin: Type.String({ description: 'Scheme, host and port of where its events go.' }) }),
    ),
  }),
);
export type TriggerXMedkit = Type.Static<typeof TriggerXMedkit>;

export const Trigger = named(
  'Trigger',
  Type.Object({
    id: Type.String({ description: '`trig_<n>`, never given twice.' }),
    status: oneOf('active', 'terminated'),
    observed_resource: Type.String(),
    event_source: Type.String({ description: 'Address of its events.' }),
    protocol: Type.String({ description: '`sse` or `webhook`.' }),
    trigger_condition: anything({ description: 'The condition with its parameters, as it was asked for.' }),
    multishot,
    persistent,
    lifetime: optional(Type.Integer({ description: 'Seconds for which it was given; absent: for ever.' })),
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
        'Address of what is observed: `/api/v1/{areas|components|apps|functions}/{id}/{collection}[/item]`, of the entity in the path. The collection is `data` (with an item), `faults`, `operations`, `updates`, `logs` or one that begins with `x-`. Or `/api/v1/updates/{id}/status`, an update of the robot as a whole.',
    }),
    trigger_condition: anything({
      description:
        'An object with a `condition_type` and its parameters beside it: `OnChange`; `OnChangeTo` with `target_value`; `EnterRange` and `LeaveRange` with `lower_bound` and `upper_bound`, both of which belong to the range; `x-…` of a plugin.',
    }),
    protocol: optional(
      Type.String({ description: '`sse` (default), or `webhook`, which delivers to `webhook` besides.' }),
    ),
    webhook: optional(WebhookTarget),
    multishot: optional(multishot),
    persistent: optional(persistent),
    lifetime: optional(Type.Integer({ description: 'Seconds until it ends, above 0; absent: for ever.' })),
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
