import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import { gateway, useRoute } from '../gateway/gateway.ts';
import { type IncidentOf, incidentsOfFaults } from './incidents-of-faults.ts';

/** Incidents whose fault list is loaded; for the others only the root fault is known. */
const MAX_REQUESTS = 8;

/** Maps faults to the incidents that are not closed, and keeps the map up to date. */
export function useIncidentsOfFaults(): IncidentOf {
  const { data: list } = useRoute('listIncidents', { query: { state: 'active' } });
  const requested = (list?.items ?? []).filter(({ fault_count }) => fault_count > 1).slice(0, MAX_REQUESTS);
  const details = useQueries({
    queries: requested.map(({ id }) => {
      const request = { path: { incident_id: id } };
      return { queryKey: ['getIncident', request], queryFn: () => gateway().call('getIncident', request) };
    }),
    combine: (found) => found.flatMap(({ data }) => data ?? []),
  });
  return useMemo(() => incidentsOfFaults(list, details), [list, details]);
}
