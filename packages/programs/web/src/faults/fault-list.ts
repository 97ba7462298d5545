import { useQuery } from '@tanstack/react-query';
import { gateway } from '../gateway/gateway.ts';
import { refreshOn, refreshSoon } from '../live/query-refresh.ts';
import { type AllFaults, type FaultSelection, loadAllFaults, MAX_FAULTS } from './fault-list-pages.ts';

export { type AllFaults, MAX_FAULTS };

const EVERY_FAULT = 'every fault';
refreshOn('fault', EVERY_FAULT);

interface FaultQuery extends FaultSelection {
  readonly enabled?: boolean;
}

/** Schedules a refresh of all fault lists on the page. A running request is not aborted but repeated afterwards. */
export function refreshAllFaults(): void {
  refreshSoon(EVERY_FAULT);
}

/** The faults of the robot, loaded page by page up to `MAX_FAULTS` and refreshed by events of the live stream. */
export function useAllFaults({ status, withMuted, enabled = true }: FaultQuery) {
  return useQuery<AllFaults, Error>({
    queryKey: [EVERY_FAULT, { status, withMuted }],
    queryFn: ({ signal }) =>
      loadAllFaults((query) => gateway().call('listAllFaults', { query, signal }), { status, withMuted }, signal),
    enabled,
  });
}
