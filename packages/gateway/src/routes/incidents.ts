import { API_BASE, type IncidentChange, type IncidentMerge, type IncidentSplit, SovdError } from '@medkit/contract';
import { Answer } from '../http/answer.ts';
import type { Exchange, Handlers } from '../http/exchange.ts';
import { Elsewhere, type IncidentService } from '../incidents/incident-service.ts';
import { isAuthorised } from '../security/authorise.ts';

type IncidentHandlers = Pick<
  Handlers,
  'listIncidents' | 'getIncident' | 'changeIncident' | 'mergeIncidents' | 'splitIncident' | 'getIncidentTimeline'
>;

/** The handlers of incidents; that they are switched off is what they say where there are none. */
export function incidentHandlers(incidents: IncidentService | undefined): IncidentHandlers {
  const served = (): IncidentService => {
    if (incidents) return incidents;
    throw new SovdError({ code: 'not-implemented', message: 'There are no incidents here: see incidents.enabled' });
  };
  return {
    listIncidents: ({ query }) => served().list(query),
    getIncident: (exchange) => led(exchange, (id) => served().get(id)),
    changeIncident: (exchange) =>
      led(exchange, (id) => served().change(id, exchange.body as IncidentChange, nameOf(exchange))),
    mergeIncidents: (exchange) =>
      led(exchange, (id) => served().merge(id, exchange.body as IncidentMerge, nameOf(exchange))),
    splitIncident: (exchange) =>
      led(exchange, (id) => served().split(id, exchange.body as IncidentSplit, nameOf(exchange))),
    getIncidentTimeline: (exchange) =>
      led(exchange, (id) => served().timeline(id, exchange.query, isAuthorised(exchange.principal, 'audit.read'))),
  };
}

/** Who says something: what the client calls itself, or else as whom it is known. */
function nameOf({ clientId, principal }: Pick<Exchange, 'clientId' | 'principal'>): string {
  return clientId || principal.id;
}

/** The answer; for the id of an incident that is part of another one, where that is. */
async function led<Result>(
  { path, url }: Pick<Exchange, 'path' | 'url'>,
  work: (id: string) => Result | Promise<Result>,
): Promise<Result | Answer<never>> {
  try {
    return await work(path['incident_id'] ?? '');
  } catch (error) {
    if (!(error instanceof Elsewhere)) throw error;
    const base = `${API_BASE}/x-medkit-incidents`;
    const [, rest = ''] = /^\/[^/]+(.*)$/.exec(url.slice(base.length)) ?? [];
    return new Answer<never>(308, undefined, { Location: `${base}/${encodeURIComponent(error.id)}${rest}` });
  }
}
