import { useQuery } from '@tanstack/react-query';
import { gateway } from '../gateway/gateway.ts';
import { renewSoon, renewWith } from '../live/query-refresh.ts';
import { type EveryFault, everyFault, MAX_FAULTS, type WantedFaults } from './fault-list-pages.ts';

export { type EveryFault, MAX_FAULTS };

const EVERY_FAULT = 'every fault';
renewWith('fault', EVERY_FAULT);

interface FaultQuery extends WantedFaults {
  readonly enabled?: boolean;
}

/** Asks soon for all lists of faults that are shown; one that is on its way is not broken off, but asked for once more. */
export function renewEveryFault(): void {
  renewSoon(EVERY_FAULT);
}

/** The faults of the robot, page by page up to `MAX_FAULTS`, kept up to date by the news of the live stream. */
export function useEveryFault({ status, withMuted, enabled = true }: FaultQuery) {
  return useQuery<EveryFault, Error>({
    queryKey: [EVERY_FAULT, { status, withMuted }],
    queryFn: ({ signal }) =>
      everyFault((query) => gateway().call('listAllFaults', { query, signal }), { status, withMuted }, signal),
    enabled,
  });
}
