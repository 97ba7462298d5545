import { DEBUG_COMPONENTS, type DebugComponent, setDebugLogs } from '@medkit/edges';
import type { OperatorLog } from './operator-log.ts';

/** Name that turns on the logs of all components. */
const ALL = 'all';

/** Turns on the debug logs of this process by the names of their components. Warns of names that are no component. */
export function openDebugLogs(names: readonly string[], log: OperatorLog, wallMs: () => number): void {
  const known = Object.keys(DEBUG_COMPONENTS) as DebugComponent[];
  const unknown = names.filter((name) => name !== ALL && !known.some((component) => component === name));
  if (unknown.length > 0) {
    log('warn', `logs.debug: there is no component ${unknown.join(', ')}. Choose from ${known.join(', ')} or ${ALL}`);
  }
  const chosen = known.filter((component) => names.includes(ALL) || names.includes(component));
  setDebugLogs(chosen, (component, message) => {
    // The journal has times with a resolution of microseconds, but standard error has none.
    log('debug', `${new Date(wallMs()).toISOString()} ${component}: ${message}`);
  });
}
