import { API_BASE, type IncidentChange, type IncidentMerge, type IncidentSplit, SovdError } from '@medkit/contract';
import { Answer } from '../http/answer.ts';
import type { Exchange, Handlers } from '../http/exchange.ts';
import { StreamReply } from '../http/stream-reply.ts';
import { isAuthorised } from '../security/authorise.ts';
import type { GatewayIncidents } from './gateway-incidents.ts';
import { IncidentMerged, type IncidentReader } from './incident-reader.ts';

type IncidentHandlers = Pick<
  Handlers,
  | 'listIncidents'
  | 'getIncident'
  | 'changeIncident'
  | 'mergeIncidents'
  | 'splitIncident'
  | 'getIncidentTimeline'
  | 'exportIncident'
>;

/** The handlers of incidents. If incidents are disabled, each throws `not-implemented`. */
export function incidentHandlers(incidents: GatewayIncidents | undefined): IncidentHandlers {
  const served = (): GatewayIncidents => {
    if (incidents) return incidents;
    throw new SovdError({
      code: 'not-implemented',
      message: 'Incidents are disabled on this gateway: set incidents.enabled to true',
    });
  };
  return {
    ...incidentReadHandlers(() => served().service),
    changeIncident: (exchange) =>
      led(exchange, (id) => served().service.change(id, exchange.body as IncidentChange, nameOf(exchange))),
    mergeIncidents: (exchange) =>
      led(exchange, (id) => served().service.merge(id, exchange.body as IncidentMerge, nameOf(exchange))),
    splitIncident: (exchange) =>
      led(exchange, (id) => served().service.split(id, exchange.body as IncidentSplit, nameOf(exchange))),
    exportIncident: (exchange) =>
      led(exchange, async (id) => new StreamReply(await served().archive(id, maySeePeople(exchange)))),
  };
}

/** The handlers of incidents that read only. */
export function incidentReadHandlers(
  served: () => IncidentReader,
): Pick<IncidentHandlers, 'getIncident' | 'getIncidentTimeline' | 'listIncidents'> {
  return {
    listIncidents: ({ query }) => served().list(query),
    getIncident: (exchange) => led(exchange, (id) => served().get(id)),
    getIncidentTimeline: (exchange) =>
      led(exchange, (id) => served().timeline(id, exchange.query, maySeePeople(exchange))),
  };
}

const maySeePeople = ({ principal }: Pick<Exchange, 'principal'>): boolean => isAuthorised(principal, 'audit.read');

/** Returns the author's name: the principal, or on a gateway without authentication the name that the client sends. */
function nameOf({ clientId, principal }: Pick<Exchange, 'clientId' | 'principal'>): string {
  return principal.kind === 'anonymous' ? clientId || principal.id : principal.id;
}

/** Returns the result of `work`. If the incident was merged into another one, redirects to that. */
async function led<Result>(
  { path, url }: Pick<Exchange, 'path' | 'url'>,
  work: (id: string) => Result | Promise<Result>,
): Promise<Result | Answer<never>> {
  try {
    return await work(path['incident_id'] ?? '');
  } catch (error) {
    if (!(error instanceof IncidentMerged)) throw error;
    const base = `${API_BASE}/x-medkit-incidents`;
    const [, rest = ''] = /^\/[^/]+(.*)$/.exec(url.slice(base.length)) ?? [];
    return new Answer<never>(308, undefined, { Location: `${base}/${encodeURIComponent(error.id)}${rest}` });
  }
}
