/** The plugin that shows the data flow between the apps of a function, with rates and bottlenecks. */
export { plugin } from './plugin.ts';
