import { shortened } from '@medkit/contract';
import type { Content } from '../message/content.ts';
import { below, jsonRequest, type ReceiverKind, type ShapedRequest } from './receiver-kind.ts';

/** Maximum characters (docs.opsgenie.com/docs/alert-api, "Create alert", "Close alert"). */
const MAX_MESSAGE = 130;
const MAX_ALIAS = 512;
const MAX_DESCRIPTION = 15_000;
const MAX_SOURCE = 100;
const MAX_ENTITY = 512;
/** By severity; the range is P1 to P5. */
const PRIORITIES = ['P5', 'P3', 'P2', 'P1'];

export interface OpsgenieEndpoint {
  readonly type: 'opsgenie';
  readonly url: string;
  readonly token: string;
}

/**
 * Opsgenie, Alert API (docs.opsgenie.com/docs/alert-api). There is one open alert for each `alias`, and it keeps its
 * priority until another is set. A test alert is closed immediately.
 */
export const opsgenie: ReceiverKind<OpsgenieEndpoint> = {
  defaultUrl: 'https://api.opsgenie.com',
  options: { token: 'required' },
  keepsAlerts: true,
  requests,
};

function requests({ url, token }: OpsgenieEndpoint, content: Content): readonly ShapedRequest[] {
  const { news, key, robot, headline, severity, facts, link, acknowledgeUrl, code, entity } = content;
  if (news === 'meanwhile' || news === 'refreshed') return [];
  const alias = key.slice(-MAX_ALIAS);
  const source = shortened(robot, MAX_SOURCE);
  const send = (path: string, body: object, method: 'POST' | 'PUT' = 'POST'): ShapedRequest => {
    const request = jsonRequest(below(url, path), body, { method });
    return { ...request, headers: { ...request.headers, Authorization: `GenieKey ${token}` } };
  };
  const ofAlias = (what: string) => `/v2/alerts/${encodeURIComponent(alias)}/${what}?identifierType=alias`;
  const close = () => send(ofAlias('close'), { source, note: headline });
  if (content.ends) return [close()];
  if (news === 'acknowledged') return [send(ofAlias('acknowledge'), { source, note: headline })];
  const description = [
    ...facts.map(([name, value]) => `${name}: ${value}`),
    ...(link === undefined ? [] : [`Open: ${link}`]),
    ...(acknowledgeUrl === undefined ? [] : [`Acknowledge: ${acknowledgeUrl}`]),
  ].join('\n');
  const create = send('/v2/alerts', {
    message: shortened(`${robot}: ${headline}`, MAX_MESSAGE),
    alias,
    description: shortened(description, MAX_DESCRIPTION),
    priority: PRIORITIES[severity],
    source,
    tags: ['medkit'],
    ...(entity !== undefined && { entity: shortened(entity, MAX_ENTITY) }),
    details: { ...Object.fromEntries(facts), code, ...(link !== undefined && { link }) },
  });
  if (news === 'worse') return [create, send(ofAlias('priority'), { priority: PRIORITIES[severity] }, 'PUT')];
  return news === 'test' ? [create, close()] : [create];
}
