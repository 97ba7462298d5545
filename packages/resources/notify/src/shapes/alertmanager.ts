import type { Content } from '../message/content.ts';
import { SEVERITY_WORDS } from '../message/content.ts';
import { below, jsonRequest, type Shape } from './shape.ts';

/**
 * An alert ends by itself where nobody says for so long that it lasts: a gateway that is gone leaves none behind. Until then
 * it is told again (`REFRESH_MS`).
 */
const LASTS_MS = 3_600_000;
export const REFRESH_MS = 1_200_000;
/** What is tried out. */
const TEST_MS = 60_000;

/**
 * Alertmanager, API v2 (prometheus.io/docs/alerting/latest/alerts_api; the OpenAPI document in prometheus/alertmanager): alerts with
 * the same labels are one, and one ends at `endsAt`. Routes there go by labels, so the severity is one: what gets worse is another
 * alert, told in one request with the end of the one before.
 */
export const alertmanager: Shape<'alertmanager'> = ({ url, token }, content, { nowMs }) => {
  const { news, ends, severity, was } = content;
  if (news === 'meanwhile' || news === 'acknowledged') return [];
  const lastsMs = news === 'test' ? TEST_MS : LASTS_MS;
  const alerts = [
    ...(news === 'worse' && was !== undefined ? [alert(content, was, nowMs)] : []),
    alert(content, severity, ends ? Math.min(nowMs, content.endedMs ?? nowMs) : nowMs + lastsMs),
  ];
  return [jsonRequest(below(url, '/api/v2/alerts'), alerts, { token })];
};

function alert(content: Content, severity: number, endsAtMs: number) {
  const { key, robot, headline, facts, beganMs, code, entity, incident, link, acknowledgeUrl } = content;
  return {
    labels: {
      alertname: 'MedkitIncident',
      incident: incident?.id ?? key,
      // Ids are counted at each gateway.
      key,
      robot,
      severity: SEVERITY_WORDS[severity],
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
