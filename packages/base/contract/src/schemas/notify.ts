import { named, oneOf, optional } from './compose.ts';
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
  Type.String({ format: 'date-time', description: 'When something arrived the last time since the gateway started.' }),
);
const problem = optional(Type.String({ description: 'Why nothing arrives now.' }));

export const NotifyReceiver = named(
  'NotifyReceiver',
  Type.Object({
    name: Type.String({ description: 'As the configuration has it.' }),
    type: oneOf(...NOTIFY_TYPES),
    severity: oneOf('info', 'warning', 'error', 'critical'),
    after_min: optional(Type.Number({ description: 'It is told of what nobody has acknowledged after so long.' })),
    waiting: Type.Integer({ description: 'Messages that are on their way.' }),
    given_up: Type.Integer({
      description: 'Messages that did not arrive, and are kept among the deliveries of webhooks.',
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
  Type.Object({ receiver: optional(Type.String({ minLength: 1, description: 'Only this one; all where absent.' })) }),
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
        description: 'Incidents of which nothing is told yet: they wait for a time, or to settle.',
      }),
      links: Type.Boolean({ description: 'Whether messages have links: `server.public_url` says where they lead.' }),
      problem: optional(Type.String({ description: 'Why nobody can be told anything now.' })),
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
    { description: 'Who is told of incidents, and how that fares.' },
  ),
);
export type HealthNotify = Type.Static<typeof HealthNotify>;
