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

/** Schedules a refresh of all fault lists on the page. A running request is not aborted but repeated afterwards. */
export function renewEveryFault(): void {
  renewSoon(EVERY_FAULT);
}

/** The faults of the robot, loaded page by page up to `MAX_FAULTS` and refreshed by events of the live stream. */
export function useEveryFault({ status, withMuted, enabled = true }: FaultQuery) {
  return useQuery<EveryFault, Error>({
    queryKey: [EVERY_FAULT, { status, withMuted }],
    queryFn: ({ signal }) =>
      everyFault((query) => gateway().call('listAllFaults', { query, signal }), { status, withMuted }, signal),
    enabled,
  });
}
