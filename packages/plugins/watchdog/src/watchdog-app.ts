import type { App, EntityLists } from '@medkit/core';
import { hostId } from '@medkit/core/discovery';
import { WATCHDOG_ID } from './fault-reports.ts';

/**
 * Returns the app that owns the watchdog's faults, located on the component of this machine if the tree contains it.
 */
export function watchdogApp(entities: Pick<EntityLists, 'components'>, hostname: string): App {
  const host = hostId(hostname);
  const isThere = entities.components.some(({ id }) => id === host);
  return {
    kind: 'app',
    id: WATCHDOG_ID,
    name: 'Graph watchdog',
    description: 'Detects faults of the ROS 2 graph that no node reports',
    source: 'plugin',
    online: true,
    external: true,
    ...(isThere && { componentId: host }),
  };
}
