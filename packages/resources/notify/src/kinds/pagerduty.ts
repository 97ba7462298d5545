import { FAULT_SEVERITIES, shortened } from '@medkit/contract';
import type { Content } from '../message/content.ts';
import { below, jsonRequest, type ReceiverKind, type ShapedRequest } from './receiver-kind.ts';

/** Maximum characters of a summary and of a key (developer.pagerduty.com/docs/send-alert-event). */
const MAX_SUMMARY = 1024;
const MAX_KEY = 255;
/** Characters of an integration key. */
const KEY_LENGTH = 32;

const ACTIONS = {
  opened: 'trigger',
  worse: 'trigger',
  reopened: 'trigger',
  repeated: 'trigger',
  refreshed: undefined,
  acknowledged: 'acknowledge',
  healed: 'resolve',
  closed: 'resolve',
  merged: 'resolve',
  test: 'trigger',
  meanwhile: undefined,
} as const;

export interface PagerDutyEndpoint {
  readonly type: 'pagerduty';
  readonly url: string;
  readonly routingKey: string;
}

/**
 * PagerDuty, Events API v2 (developer.pagerduty.com/docs/events-api-v2-overview, its OpenAPI document in
 * PagerDuty/api-schema). All events with one `dedup_key` belong to one alert, which `resolve` ends. A test alert is
 * resolved immediately.
 */
export const pagerduty: ReceiverKind<PagerDutyEndpoint> = {
  defaultUrl: 'https://events.pagerduty.com',
  options: { routing_key: 'required' },
  optionProblem: (_option, value) =>
    value.length === KEY_LENGTH ? undefined : `an integration key must have ${KEY_LENGTH} characters`,
  keepsAlerts: true,
  requests,
};

function requests({ url, routingKey }: PagerDutyEndpoint, content: Content): readonly ShapedRequest[] {
  const { news, key, robot, headline, severity, facts, link, acknowledgeUrl, code, entity, atMs } = content;
  const action = ACTIONS[news];
  if (action === undefined) return [];
  const event = { routing_key: routingKey, dedup_key: key.slice(-MAX_KEY) };
  const send = (body: object) => jsonRequest(below(url, '/v2/enqueue'), { ...event, ...body });
  if (action !== 'trigger') return [send({ event_action: action })];
  const links = [
    ...(link === undefined ? [] : [{ href: link, text: 'Open' }]),
    ...(acknowledgeUrl === undefined ? [] : [{ href: acknowledgeUrl, text: 'Acknowledge' }]),
  ];
  const triggered = send({
    event_action: action,
    client: 'medkit',
    ...(link !== undefined && { client_url: link }),
    ...(links.length > 0 && { links }),
    payload: {
      summary: shortened(`${robot}: ${headline}`, MAX_SUMMARY),
      source: robot,
      severity: FAULT_SEVERITIES.names[severity],
      timestamp: new Date(atMs).toISOString(),
      ...(entity !== undefined && { component: entity }),
      class: code,
      custom_details: Object.fromEntries(facts),
    },
  });
  return news === 'test' ? [triggered, send({ event_action: 'resolve' })] : [triggered];
}
