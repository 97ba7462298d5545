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
    summary: 'List who is told of incidents',
    description:
      'The receivers of `notify.receivers`, how many messages wait for each and what keeps them from arriving.',
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
    summary: 'Try receivers out',
    description:
      'Sends a message that says that it is a test, once and at once, and tells what came back. What keeps alerts has it opened and ended.',
    parameters: [],
    body: {
      schema: NotifyTest,
      required: false,
      description: 'Which receiver; all without',
      examples: { 'One of them': { receiver: 'oncall' } },
    },
    responses: {
      200: {
        description: 'What came of it',
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
  description: 'What stands in the link of a message; it is good once',
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
  foreignErrors: { 404: page('The link is none, or has expired') },
} as const;

export const showAcknowledgement: RouteFamily<never> = [
  {
    ...linked,
    method: 'get',
    operationId: 'showAcknowledgement',
    summary: 'Ask whether an incident is to be acknowledged',
    description: 'A page with a button, for the link of a message. To look at it acknowledges nothing.',
    responses: { 200: page('The page') },
  },
];

export const acknowledgeByLink: RouteFamily<never> = [
  {
    ...linked,
    method: 'post',
    operationId: 'acknowledgeByLink',
    summary: 'Acknowledge an incident by the link of a message',
    description: 'Once: by the receiver that the message went to. Messages that are repeated are so no more.',
    body: { schema: Type.Object({}), form: true, required: false, description: 'None', examples: {} },
    responses: { 200: page('It is acknowledged, or was before') },
    recorded: 'done',
  },
];
