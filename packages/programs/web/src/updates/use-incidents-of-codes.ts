import { useQueries } from '@tanstack/react-query';
import { gateway, useRoute } from '../gateway/gateway.ts';
import { incidentsOfCodes } from './incidents-of-codes.ts';

/** Incidents whose fault list is loaded; for the others only the root fault is known. */
const MAX_REQUESTS = 8;
const MAX_INCIDENTS = 200;

/** Returns the newest incident of each fault code. */
export function useIncidentsOfCodes(codes: readonly string[]): ReadonlyMap<string, string> {
  const items = useRoute('listIncidents', { query: { limit: MAX_INCIDENTS } }).data?.items ?? [];
  const requested = items.filter(({ fault_count }) => fault_count > 1).slice(0, MAX_REQUESTS);
  const details = useQueries({
    queries: requested.map(({ id }) => {
      const request = { path: { incident_id: id } };
      return { queryKey: ['getIncident', request], queryFn: () => gateway().call('getIncident', request) };
    }),
    combine: (found) => found.flatMap(({ data }) => data ?? []),
  });
  return incidentsOfCodes(codes, items, details);
}
