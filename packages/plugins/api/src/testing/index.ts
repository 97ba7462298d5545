/** What the tests of a plugin need, and no robot. */
export { type MemoryProcess, memoryProcess } from './memory-process.ts';
export { type PluginRun, type RunOptions, runPlugin } from './run-plugin.ts';
