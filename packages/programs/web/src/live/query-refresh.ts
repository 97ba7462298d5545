import type { Query } from '@tanstack/react-query';
import { queries } from '../gateway/gateway.ts';
import { onNews, onOpened } from './live-stream.ts';
import { type Renewable, Renewals } from './refresh-queue.ts';

const EVERYTHING = '*';
/** Query keys to refresh for each event type: routes, and keys of other queries. */
const TOUCHED = new Map<string, readonly string[]>([
  ['fault', ['listAllFaults', 'listFaults', 'getFault', 'getTreeFaults', 'getFaultHistory', 'getHealth']],
  ['incident', ['listIncidents', 'getIncident', 'getIncidentTimeline', 'getFault']],
  ['tree', ['getTree', 'getEntity', 'listData', 'listOperations', 'listConfigurations', 'getHealth', 'listPeers']],
  ['lock', ['listAllLocks', 'listLocks']],
]);

const renewables = new WeakMap<Query, Renewable>();
const renewals = new Renewals<string>({
  find: (key) => {
    const found = queries.getQueryCache().findAll(key === EVERYTHING ? {} : { queryKey: [key] });
    return found.map(renewable);
  },
  isHidden: () => document.hidden,
});

function renewable(query: Query): Renewable {
  const known = renewables.get(query);
  if (known) return known;
  const invalidate = (refetchType: 'active' | 'none') =>
    void queries.invalidateQueries({ predicate: (other) => other === query, refetchType }, { cancelRefetch: false });
  const made: Renewable = {
    isBusy: () => query.state.fetchStatus === 'fetching',
    renew: () => invalidate('active'),
    makeStale: () => invalidate('none'),
  };
  renewables.set(query, made);
  return made;
}

/** Registers a query key to refresh on events of a type. Called once by the module that owns the query. */
export function renewWith(event: string, key: string): void {
  TOUCHED.set(event, [...(TOUCHED.get(event) ?? []), key]);
}

/** Refreshes the queries of a key in the next round. A running request is repeated afterwards. */
export function renewSoon(key: string): void {
  renewals.touch([key]);
}

/** Schedules a refresh of everything that is shown. */
export function renewEverything(): void {
  renewals.touch([EVERYTHING]);
}

/** Connects the events of the live stream to the query cache. */
export function refreshOnNews(): void {
  onNews((event) => renewals.touch(TOUCHED.get(event) ?? []));
  onOpened(renewEverything);
  addEventListener('visibilitychange', () => {
    if (document.hidden) return;
    const isOld = ({ state }: Query) => state.isInvalidated;
    void queries.refetchQueries({ type: 'active', predicate: isOld }, { cancelRefetch: false });
  });
}
