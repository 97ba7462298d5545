import type { Content } from '../message/content.ts';
import type { Endpoint, ReceiverType } from '../receiver/receiver.ts';
import { alertmanager } from './alertmanager.ts';
import { ntfy } from './ntfy.ts';
import { opsgenie } from './opsgenie.ts';
import { pagerduty } from './pagerduty.ts';
import type { Shape, ShapeContext, ShapedRequest } from './shape.ts';
import { slack } from './slack.ts';
import { teams } from './teams.ts';
import { telegram } from './telegram.ts';
import { webhook } from './webhook.ts';

const SHAPES: { readonly [T in ReceiverType]: Shape<T> } = {
  ntfy,
  slack,
  teams,
  telegram,
  pagerduty,
  opsgenie,
  alertmanager,
  webhook,
};

/**
 * Returns the requests that send `content` to `endpoint`, in order; none if the receiver has no equivalent of the
 * message.
 */
export function buildRequests(endpoint: Endpoint, content: Content, context: ShapeContext): readonly ShapedRequest[] {
  const shape = SHAPES[endpoint.type] as Shape<ReceiverType>;
  return shape(endpoint as never, content, context);
}
