/** What the tests of a plugin need, and no robot. */
export { type PluginRun, type RunOptions, runPlugin } from './run-plugin.ts';
