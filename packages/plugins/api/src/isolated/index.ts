/** Plugins in processes of their own, and how such a process is started. */
export { type IsolatedPluginOptions, isolatedPlugin } from './isolated-plugin.ts';
export { startChild } from './start-child.ts';
