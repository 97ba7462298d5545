/** Plugin `linux`: what Linux knows of the processes of a robot, and their control. */
export { plugin } from './linux-plugin.ts';
