import type { Query } from '@tanstack/react-query';
import { queries } from '../gateway/gateway.ts';
import { onNews, onOpened } from './live-stream.ts';
import { type Renewable, Renewals } from './renewals.ts';

const EVERYTHING = '*';
/** What is asked for again after news of a kind: routes, and other keys of queries. */
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

/** Asks again for a query with this first part of its key whenever there are news of a kind; called once, by the module that has it. */
export function renewWith(event: string, key: string): void {
  TOUCHED.set(event, [...(TOUCHED.get(event) ?? []), key]);
}

/** Asks again for the queries of a key, in the next round; one that is on its way is asked for once more. */
export function renewSoon(key: string): void {
  renewals.touch([key]);
}

/** Asks soon again for everything that is shown. */
export function renewEverything(): void {
  renewals.touch([EVERYTHING]);
}

/** Lets news of the live stream renew what is shown. */
export function refreshOnNews(): void {
  onNews((event) => renewals.touch(TOUCHED.get(event) ?? []));
  onOpened(renewEverything);
  addEventListener('visibilitychange', () => {
    if (document.hidden) return;
    const isOld = ({ state }: Query) => state.isInvalidated;
    void queries.refetchQueries({ type: 'active', predicate: isOld }, { cancelRefetch: false });
  });
}
