/** Plugin `linux`: Linux properties of a robot's processes, and control of processes. */
export { plugin } from './linux-plugin.ts';
