/** Plugin `linux`: what Linux knows of the processes of a robot, and their control. */
export { LinuxOptions } from './linux-options.ts';
export { linuxPlugin, plugin } from './linux-plugin.ts';
export type { Machine } from './machine.ts';
