import type { NOTIFY_TYPES } from '@medkit/contract';
import type { Content } from '../message/content.ts';
import { alertmanager } from './alertmanager.ts';
import { ntfy } from './ntfy.ts';
import { opsgenie } from './opsgenie.ts';
import { pagerduty } from './pagerduty.ts';
import type { ReceiverKind, ShapeContext, ShapedRequest } from './receiver-kind.ts';
import { slack } from './slack.ts';
import { teams } from './teams.ts';
import { telegram } from './telegram.ts';
import { webhook } from './webhook.ts';

export type ReceiverType = (typeof NOTIFY_TYPES)[number];

const KINDS = { ntfy, slack, teams, telegram, pagerduty, opsgenie, alertmanager, webhook };

/** The kinds of receivers by their type, in documentation order. */
export const RECEIVER_KINDS: { readonly [T in ReceiverType]: ReceiverKind<EndpointOf<T>> } = KINDS;

/** Address and credentials of a receiver. All texts except `type`, `chat` and `thread` may be secret. */
export type Endpoint = { [T in ReceiverType]: EndpointOf<T> }[ReceiverType];

type EndpointOf<T extends ReceiverType> = (typeof KINDS)[T] extends ReceiverKind<infer E> ? E : never;

/**
 * Returns the requests that send `content` to `endpoint`, in order; none if the receiver has no equivalent of the
 * message.
 */
export function buildRequests(endpoint: Endpoint, content: Content, context: ShapeContext): readonly ShapedRequest[] {
  const kind: ReceiverKind<never> = RECEIVER_KINDS[endpoint.type];
  return kind.requests(endpoint as never, content, context);
}
