import { named, oneOf, optional } from './compose.ts';
import { FAULT_SEVERITIES } from './fault-severity.ts';
import * as Type from './type.ts';
import { WebhookTestResult } from './webhooks.ts';

/** Kinds of receivers, in documentation order. */
export const NOTIFY_TYPES = [
  'ntfy',
  'slack',
  'teams',
  'telegram',
  'pagerduty',
  'opsgenie',
  'alertmanager',
  'webhook',
] as const;

const last_delivered = optional(
  Type.String({ format: 'date-time', description: 'Time of the last successful delivery since the gateway started.' }),
);
const problem = optional(Type.String({ description: 'Why deliveries fail at the moment.' }));

export const NotifyReceiver = named(
  'NotifyReceiver',
  Type.Object({
    name: Type.String({ description: 'Name from the configuration.' }),
    type: oneOf(...NOTIFY_TYPES),
    severity: oneOf(...FAULT_SEVERITIES.names),
    after_min: optional(
      Type.Number({ description: 'Receives only incidents that are not acknowledged after this time.' }),
    ),
    waiting: Type.Integer({ description: 'Messages in delivery.' }),
    given_up: Type.Integer({
      description: 'Failed messages, which are stored as dead letters of the webhooks.',
    }),
    last_delivered,
    problem,
  }),
);
export type NotifyReceiver = Type.Static<typeof NotifyReceiver>;

export const NotifyReceiverList = named(
  'NotifyReceiverList',
  Type.Object({ items: Type.Array(NotifyReceiver, { description: 'In the order of the configuration.' }) }),
);
export type NotifyReceiverList = Type.Static<typeof NotifyReceiverList>;

export const NotifyTest = named(
  'NotifyTest',
  Type.Object({ receiver: optional(Type.String({ minLength: 1, description: 'Only this receiver; all if absent.' })) }),
);
export type NotifyTest = Type.Static<typeof NotifyTest>;

export const NotifyTestResult = named(
  'NotifyTestResult',
  Type.Object({ receiver: Type.String(), ...WebhookTestResult.properties }),
);
export type NotifyTestResult = Type.Static<typeof NotifyTestResult>;

export const NotifyTestResults = named(
  'NotifyTestResults',
  Type.Object({ items: Type.Array(NotifyTestResult, { description: 'In the order of the configuration.' }) }),
);
export type NotifyTestResults = Type.Static<typeof NotifyTestResults>;

export const HealthNotify = named(
  'HealthNotify',
  Type.Object(
    {
      receivers: Type.Array(
        Type.Object({
          name: Type.String(),
          type: oneOf(...NOTIFY_TYPES),
          waiting: Type.Integer(),
          last_delivered,
          problem,
        }),
      ),
      told_total: Type.Integer({ description: 'Messages since the gateway started.' }),
      waiting: Type.Integer({
        description: 'Incidents without a notification so far: they wait for a delay or for the settle time.',
      }),
      links: Type.Boolean({ description: 'Whether messages have links, which need `server.public_url`.' }),
      problem: optional(Type.String({ description: 'Why no notification can be sent at the moment.' })),
      heartbeat: optional(
        Type.Object({
          origin: Type.String({ description: 'Scheme, host and port of its address.' }),
          sent_total: Type.Integer(),
          failed_total: Type.Integer(),
          failures_in_a_row: Type.Integer(),
          last_sent: optional(Type.String({ format: 'date-time' })),
          last_error: optional(Type.String()),
          withheld: optional(Type.String({ description: 'Why it is not sent.' })),
        }),
      ),
    },
    { description: 'Receivers of notifications, and the state of their delivery.' },
  ),
);
export type HealthNotify = Type.Static<typeof HealthNotify>;
