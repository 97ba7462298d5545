import type { Query } from '@tanstack/react-query';
import { holdRequests, isRequestedBefore, queries } from '../gateway/gateway.ts';
import { onGatewayEvent, onOpened, streamSettled } from './live-stream.ts';
import { type Refreshable, RefreshQueue } from './refresh-queue.ts';

const EVERYTHING = '*';
/** Maximum time for which the first requests wait for the live stream. */
const MAX_HOLD_MS = 1000;
/** Query keys to refresh for each event type: routes, and keys of other queries. */
const TOUCHED = new Map<string, readonly string[]>([
  ['fault', ['listAllFaults', 'listFaults', 'getFault', 'getTreeFaults', 'getFaultHistory', 'getHealth']],
  ['incident', ['listIncidents', 'getIncident', 'getIncidentTimeline', 'getFault']],
  [
    'tree',
    [
      'getTree',
      'getEntity',
      'listData',
      'listOperations',
      'listConfigurations',
      'listVitalSigns',
      'getHealth',
      'listPeers',
    ],
  ],
  ['lock', ['listAllLocks', 'listLocks']],
]);

const renewables = new WeakMap<Query, Refreshable>();
const renewals = new RefreshQueue<string>({
  find: (key) => {
    const found = queries.getQueryCache().findAll(key === EVERYTHING ? {} : { queryKey: [key] });
    return found.map(renewable);
  },
  isHidden: () => document.hidden,
});

function renewable(query: Query): Refreshable {
  const known = renewables.get(query);
  if (known) return known;
  const invalidate = (refetchType: 'active' | 'none') =>
    void queries.invalidateQueries({ predicate: (other) => other === query, refetchType }, { cancelRefetch: false });
  const made: Refreshable = {
    isBusy: () => query.state.fetchStatus === 'fetching',
    renew: () => invalidate('active'),
    makeStale: () => invalidate('none'),
  };
  renewables.set(query, made);
  return made;
}

/** Registers a query key to refresh on events of a type. Called once by the module that owns the query. */
export function refreshOn(event: string, key: string): void {
  TOUCHED.set(event, [...(TOUCHED.get(event) ?? []), key]);
}

/** Refreshes the queries of a key in the next round. A running request is repeated afterwards. */
export function refreshSoon(key: string): void {
  renewals.touch([key]);
}

/** Schedules a refresh of everything that is shown. */
export function refreshAll(): void {
  renewals.touch([EVERYTHING]);
}

/** Schedules a refresh of everything requested before now: the stream did not report its changes since then. */
function refreshEarlier(): void {
  const nowMs = performance.now();
  renewals.renew(
    queries
      .getQueryCache()
      .findAll()
      .filter((query) => isRequestedBefore(query, nowMs))
      .map(renewable),
  );
}

/** Connects the events of the live stream to the query cache. */
export function refreshOnEvents(): void {
  onGatewayEvent((event) => renewals.touch(TOUCHED.get(event) ?? []));
  holdRequests(Promise.race([streamSettled, new Promise((resolve) => setTimeout(resolve, MAX_HOLD_MS))]));
  onOpened(refreshEarlier);
  addEventListener('visibilitychange', () => {
    if (document.hidden) return;
    const isOld = ({ state }: Query) => state.isInvalidated;
    void queries.refetchQueries({ type: 'active', predicate: isOld }, { cancelRefetch: false });
  });
}
