import { NotifyReceiverList, NotifyTest, NotifyTestResults } from '../schemas/notify.ts';
import * as Type from '../schemas/type.ts';
import type { Parameter, RouteFamily, Success } from './route.ts';

const BASE = '/x-medkit-notify';
const TAG = 'Notify';

export const listNotifyReceivers: RouteFamily<typeof NotifyReceiverList> = [
  {
    method: 'get',
    path: `${BASE}/receivers`,
    operationId: 'listNotifyReceivers',
    permission: 'webhooks',
    tag: TAG,
    summary: 'List the notification receivers',
    description:
      'Lists the receivers of `notify.receivers`, with the number of queued messages and the problem if a receiver cannot be reached.',
    join: 'local',
    parameters: [],
    responses: {
      200: {
        description: 'The receivers',
        schema: NotifyReceiverList,
        example: {
          items: [
            {
              name: 'oncall',
              type: 'ntfy',
              severity: 'error',
              waiting: 0,
              given_up: 0,
              last_delivered: '2026-03-23T02:12:54.000Z',
            },
            {
              name: 'boss',
              type: 'slack',
              severity: 'critical',
              after_min: 15,
              waiting: 1,
              given_up: 0,
              problem: 'HTTP 502',
            },
          ],
        },
      },
    },
    errors: ['service-unavailable'],
  },
];

export const testNotifyReceivers: RouteFamily<typeof NotifyTestResults, typeof NotifyTest> = [
  {
    method: 'post',
    path: `${BASE}/test`,
    operationId: 'testNotifyReceivers',
    permission: 'webhooks',
    tag: TAG,
    summary: 'Send a test message to receivers',
    description:
      'Sends a test message immediately, without retries, and returns the replies. In a receiver that stores alerts, it opens an alert and closes it.',
    parameters: [],
    body: {
      schema: NotifyTest,
      required: false,
      description: 'The receiver; all receivers if omitted',
      examples: { 'One of them': { receiver: 'oncall' } },
    },
    responses: {
      200: {
        description: 'The results',
        schema: NotifyTestResults,
        example: { items: [{ receiver: 'oncall', delivered: true, status: 200, reply: 'ok', duration_ms: 48 }] },
      },
    },
    errors: ['invalid-parameter', 'not-implemented'],
  },
];

const token: Parameter = {
  name: 'token',
  in: 'path',
  description: 'Token from the link of a message; it can be used once',
  schema: Type.String({ minLength: 1 }),
  example: 'x3Jr0rR1m1c2yH7vQb8n5wZk9tLsUeGdAqPfYoXi4Mc',
  secret: true,
};

const page = (description: string): Success<never> => ({ description, media: 'text/html' });

const linked = {
  path: `${BASE}/acknowledge/{token}`,
  permission: 'public',
  tag: TAG,
  parameters: [token],
  errors: ['service-unavailable'],
  foreignErrors: { 404: page('The link is invalid or has expired') },
} as const;

export const showAcknowledgement: RouteFamily<never> = [
  {
    ...linked,
    method: 'get',
    operationId: 'showAcknowledgement',
    summary: 'Show the confirmation page for an acknowledgement',
    description:
      'Returns a page with a button, for the link of a message. Opening the page does not acknowledge the incident.',
    responses: { 200: page('The page') },
  },
];

export const acknowledgeByLink: RouteFamily<never> = [
  {
    ...linked,
    method: 'post',
    operationId: 'acknowledgeByLink',
    summary: 'Acknowledge an incident with the link of a message',
    description:
      'Acknowledges the incident once, in the name of the receiver of the message. Repeated notifications stop.',
    body: { schema: Type.Object({}), form: true, required: false, description: 'Empty', examples: {} },
    responses: { 200: page('The incident is acknowledged') },
    recorded: 'done',
  },
];
