import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import { gateway, useRoute } from '../gateway/gateway.ts';
import { type IncidentOf, incidentsOfFaults } from './incidents-of-faults.ts';

/** So many incidents are asked which faults they have; of older ones only the root is known. */
const MAX_ASKED = 8;

/** Which incident each fault belongs to, of those incidents that nobody has put away, kept up to date. */
export function useIncidentsOfFaults(): IncidentOf {
  const { data: list } = useRoute('listIncidents', { query: { state: 'active' } });
  const asked = (list?.items ?? []).filter(({ fault_count }) => fault_count > 1).slice(0, MAX_ASKED);
  const details = useQueries({
    queries: asked.map(({ id }) => {
      const request = { path: { incident_id: id } };
      return { queryKey: ['getIncident', request], queryFn: () => gateway().call('getIncident', request) };
    }),
    combine: (found) => found.flatMap(({ data }) => data ?? []),
  });
  return useMemo(() => incidentsOfFaults(list, details), [list, details]);
}
