/** Runs plugins in separate processes. */
export { type IsolatedPluginOptions, isolatedPlugin } from './isolated-plugin.ts';
export { startChild } from './start-child.ts';
