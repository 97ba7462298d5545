import type { App, EntityLists } from '@medkit/core';
import { hostId } from '@medkit/core/discovery';
import { WATCHDOG_ID } from './fault-reports.ts';

/** The app that the watchdog's faults are told of: on the component of this machine, where the tree has that. */
export function watchdogApp(entities: Pick<EntityLists, 'components'>, hostname: string): App {
  const host = hostId(hostname);
  const isThere = entities.components.some(({ id }) => id === host);
  return {
    kind: 'app',
    id: WATCHDOG_ID,
    name: 'Graph watchdog',
    description: 'Silent faults of the ROS 2 graph',
    source: 'plugin',
    online: true,
    external: true,
    ...(isThere && { componentId: host }),
  };
}
