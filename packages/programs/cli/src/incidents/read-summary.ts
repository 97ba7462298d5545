import { type Client, GatewayRefused } from '@medkit/client';
import type { IncidentDetail, IncidentFault, IncidentTimeline } from '@medkit/contract';
import { systemClock } from '@medkit/edges/node';
import { crossingOf } from '@medkit/incidents/measured';
import { measuredThresholds } from '../faults/measured-lines.ts';
import type { IncidentSummary } from './incident-summary.ts';

/** Operator actions in this time before an incident may have caused it. */
const PEOPLE_MS = 900_000;
/** Maximum number of faults whose evidence is searched for a threshold crossing. */
const MAX_FAULTS = 4;
const MAX_ROWS = 1000;

/** Reads the data for an incident summary. Lists refused data in `missing`. Throws other client errors. */
export async function readSummary(client: Client, id: string): Promise<IncidentSummary> {
  const reply = await client.ask('getIncident', { path: { incident_id: id } });
  const incident = reply.value;
  const path = { incident_id: incident.id };
  const after = new Date(Date.parse(incident.began) - PEOPLE_MS).toISOString();
  const missing: string[] = [];
  const orNone = async <T>(what: string, pending: Promise<T>): Promise<T | undefined> => {
    try {
      return await pending;
    } catch (error) {
      if (!(error instanceof GatewayRefused)) throw error;
      missing.push(`${what}: ${error.message}`);
      return undefined;
    }
  };
  const rows = (kinds: string, query: object) =>
    orNone<IncidentTimeline>(
      kinds,
      client.call('getIncidentTimeline', { path, query: { kinds, limit: MAX_ROWS, ...query } }),
    );
  const [people, logs, measured] = await Promise.all([
    rows('people', { after, before: incident.began }),
    rows('log', {}),
    measuredIn(incident, (fault) => orNone(`evidence of ${fault.fault_code}`, faultDetail(client, fault))),
  ]);
  if (people?.withheld?.length) missing.push('operator actions: reading them requires access to the audit log');
  return {
    incident,
    ...(measured && { measured }),
    people: people?.items ?? [],
    logs: logs?.items ?? [],
    missing,
    nowMs: Date.parse(reply.headers.get('date') ?? '') || systemClock.wallMs(),
  };
}

type Detail = Awaited<ReturnType<typeof faultDetail>>;

async function faultDetail(client: Client, { entity_type: kind, entity_id: id, fault_code }: IncidentFault) {
  if (!kind || !id) return undefined;
  return client.call('getFault', { entity: { kind, id }, path: { fault_code } });
}

/**
 * Finds the measured value, first of the root fault. If a fault has several values, prefers the value that the incident names.
 * A value that did not cross its threshold is used only for the root, because in a symptom it is unrelated to the cause.
 */
async function measuredIn(
  { faults, crossing }: IncidentDetail,
  detailOf: (fault: IncidentFault) => Promise<Detail>,
): Promise<IncidentSummary['measured']> {
  for (const of of faults.slice(0, MAX_FAULTS)) {
    const detail = await detailOf(of);
    const all = detail ? measuredThresholds(detail, of.occurrence) : [];
    const named = all.find(({ channel }) => channel === crossing?.channel);
    const threshold =
      named ?? (of.role === 'root' ? all[0] : all.find((measured) => crossingOf(measured) !== undefined));
    if (threshold) return { of, threshold };
  }
  return undefined;
}
