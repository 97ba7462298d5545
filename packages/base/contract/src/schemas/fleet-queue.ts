import { anything, named, oneOf, optional } from './compose.ts';
import { FleetCampaignRequest } from './fleet-campaign-plan.ts';
import { MAX_FLEET_NOTE } from './fleet-presence.ts';
import * as Type from './type.ts';

/** `unknown`: it was sent, and no reply arrived. The hub asks again with the same key until `ended_at`. */
export const FLEET_QUEUE_STATES = ['waiting', 'sent', 'done', 'refused', 'expired', 'cancelled', 'unknown'] as const;
export type FleetQueueState = (typeof FLEET_QUEUE_STATES)[number];
/** Requests of a robot that have not ended: a robot that returns gets at most these. */
export const MAX_QUEUED_OF_ROBOT = 100;
/** Requests of one account that have not ended, for all robots. */
export const MAX_QUEUED_OF_ACCOUNT = 1000;
/** Days until a request expires, at most. */
export const MAX_QUEUE_DAYS = 30;
/** Length of the JSON text of a reply that the hub stores: a robot repeats no longer one. */
export const MAX_QUEUED_REPLY = 65_536;

const time = (description: string) => Type.String({ format: 'date-time', description });
const note = optional(Type.String({ maxLength: MAX_FLEET_NOTE, description: 'For people.' }));

export const NewFleetQueuedRequest = named(
  'NewFleetQueuedRequest',
  Type.Object({
    ...FleetCampaignRequest.properties,
    expires_at: optional(
      time(`When the request is no longer sent, at most ${MAX_QUEUE_DAYS} days ahead; default in 24 hours.`),
    ),
    not_before: optional(time('When the request may be sent; immediately if absent.')),
    note,
  }),
);
export type NewFleetQueuedRequest = Type.Static<typeof NewFleetQueuedRequest>;

export const FleetQueuedRequest = named(
  'FleetQueuedRequest',
  Type.Object({
    id: Type.String({ description: 'Number of the request.' }),
    robot: Type.String({ description: 'Name of the robot.' }),
    ...FleetCampaignRequest.properties,
    state: oneOf(...FLEET_QUEUE_STATES),
    reason: optional(
      Type.String({ description: 'Why it has this state: the refusal, or why it is tried again at `next_attempt`.' }),
    ),
    created_at: time('When it was queued.'),
    created_by: Type.String({
      description: 'Who queued it. It is sent with the permissions that this account has then.',
    }),
    expires_at: time('When it is no longer sent.'),
    not_before: optional(time('When it may be sent.')),
    sent_at: optional(time('When it was sent first.')),
    next_attempt: optional(time('When it is sent again, if the robot is connected.')),
    ended_at: optional(time('When it ended.')),
    reply: optional(
      Type.Object(
        { status: Type.Integer({ description: 'HTTP status.' }), body: Type.Optional(anything({})) },
        {
          description: `The reply of the robot; without its body if that has more than ${MAX_QUEUED_REPLY} characters.`,
        },
      ),
    ),
    note,
  }),
);
export type FleetQueuedRequest = Type.Static<typeof FleetQueuedRequest>;

export const FleetQueue = named(
  'FleetQueue',
  Type.Object({
    items: Type.Array(FleetQueuedRequest),
    total: Type.Integer({ description: 'Number of requests that match the filters.' }),
    next_cursor: optional(Type.String({ description: 'Cursor of the next page; absent on the last one.' })),
  }),
);
export type FleetQueue = Type.Static<typeof FleetQueue>;
