import type { CallRoute } from '@medkit/client';
import { askAgain, queries } from '../gateway/gateway.ts';
import { onNews, onOpened } from './live.ts';

/** What is asked for again after news of a kind. */
const TOUCHED: Readonly<Record<string, readonly CallRoute[]>> = {
  fault: ['listAllFaults', 'listFaults', 'getFault', 'getTreeFaults', 'getFaultHistory', 'getHealth'],
  incident: ['listIncidents', 'getIncident', 'getIncidentTimeline', 'getFault'],
  tree: ['getTree', 'getEntity', 'listData', 'listOperations', 'listConfigurations', 'getHealth', 'listPeers'],
  lock: ['listAllLocks', 'listLocks'],
};
/** News come in showers: what they touch is asked for once. */
const SHOWER_MS = 250;

/** Lets news of the live stream renew what is shown. */
export function hearNews(): void {
  let pending = new Set<CallRoute>();
  onNews((event) => {
    const touched = Object.hasOwn(TOUCHED, event) ? TOUCHED[event]! : [];
    if (pending.size === 0 && touched.length > 0) {
      setTimeout(() => {
        const routes = [...pending];
        pending = new Set();
        askAgain(routes);
      }, SHOWER_MS);
    }
    for (const route of touched) pending.add(route);
  });
  onOpened(() => void queries.invalidateQueries());
}
