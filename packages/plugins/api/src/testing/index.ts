/** Runs plugins in tests, without a robot. */
export { type MemoryProcess, memoryProcess } from './memory-process.ts';
export { type PluginRun, type RunOptions, runPlugin } from './run-plugin.ts';
