/** Plugins in processes of their own: what runs them, and what they run in. */
export { type IsolatedPluginOptions, isolatedPlugin } from './isolated-plugin.ts';
export { type ServePluginOptions, servePlugin } from './serve-plugin.ts';
export { startChild } from './start-child.ts';
