/** The plugin `graph_watchdog`: silent faults of a ROS 2 graph. */
export { watchdogPlugin as plugin } from './watchdog-plugin.ts';
