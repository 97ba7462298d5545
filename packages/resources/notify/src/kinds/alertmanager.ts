import { FAULT_SEVERITIES } from '@medkit/contract';
import type { Content } from '../message/content.ts';
import { below, jsonRequest, type ReceiverKind, type ShapeContext, type ShapedRequest } from './receiver-kind.ts';

/**
 * Lifetime of an alert that is not repeated, so that a gateway that disappears leaves no alert behind. The notifier
 * repeats it every `REFRESH_MS`.
 */
const LASTS_MS = 3_600_000;
const REFRESH_MS = 1_200_000;
/** Lifetime of a test alert. */
const TEST_MS = 60_000;

export interface AlertmanagerEndpoint {
  readonly type: 'alertmanager';
  readonly url: string;
  readonly token?: string;
}

/**
 * Alertmanager, API v2 (prometheus.io/docs/alerting/latest/alerts_api; the OpenAPI document in
 * prometheus/alertmanager). Alerts with equal labels are the same alert, and an alert ends at `endsAt`. Its routes use
 * labels, so the severity is a label. A higher severity is therefore a new alert, sent in one request with the end of
 * the previous one.
 */
export const alertmanager: ReceiverKind<AlertmanagerEndpoint> = {
  options: { token: 'optional' },
  keepsAlerts: true,
  refreshMs: REFRESH_MS,
  requests,
};

function requests(
  { url, token }: AlertmanagerEndpoint,
  content: Content,
  { nowMs }: ShapeContext,
): readonly ShapedRequest[] {
  const { news, ends, severity, was } = content;
  if (news === 'meanwhile' || news === 'acknowledged') return [];
  const lastsMs = news === 'test' ? TEST_MS : LASTS_MS;
  const alerts = [
    ...(news === 'worse' && was !== undefined ? [alert(content, was, nowMs)] : []),
    alert(content, severity, ends ? Math.min(nowMs, content.endedMs ?? nowMs) : nowMs + lastsMs),
  ];
  return [jsonRequest(below(url, '/api/v2/alerts'), alerts, { token })];
}

function alert(content: Content, severity: number, endsAtMs: number) {
  const { key, robot, headline, facts, beganMs, code, entity, incident, link, acknowledgeUrl } = content;
  return {
    labels: {
      alertname: 'MedkitIncident',
      incident: incident?.id ?? key,
      // Gateways number their incidents separately.
      key,
      robot,
      severity: FAULT_SEVERITIES.names[severity],
    },
    annotations: {
      summary: `${robot}: ${headline}`,
      description: facts.map(([name, value]) => `${name}: ${value}`).join('\n'),
      code,
      ...(entity !== undefined && { entity }),
      ...(acknowledgeUrl !== undefined && { acknowledge: acknowledgeUrl }),
    },
    startsAt: new Date(Math.min(beganMs, endsAtMs)).toISOString(),
    endsAt: new Date(endsAtMs).toISOString(),
    ...(link !== undefined && { generatorURL: link }),
  };
}
