import type { IncidentDetail } from '@medkit/contract';

type Root = Pick<IncidentDetail, 'id' | 'root'>;
type Members = { readonly id: string; readonly faults: readonly { readonly fault_code: string }[] };

/** Returns the newest incident of each fault code that has one. The incidents are sorted, newest first. */
export function incidentsOfCodes(
  codes: readonly string[],
  incidents: readonly Root[],
  details: readonly Members[],
): ReadonlyMap<string, string> {
  const members = new Map(details.map(({ id, faults }) => [id, new Set(faults.map(({ fault_code }) => fault_code))]));
  return new Map(
    codes.flatMap((code) => {
      const incident = incidents.find(({ id, root }) => root === code || members.get(id)?.has(code) === true);
      return incident ? [[code, incident.id] as const] : [];
    }),
  );
}
