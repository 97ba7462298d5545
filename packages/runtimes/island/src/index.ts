export type { IslandRuntimeOptions } from './island-options.ts';
export { ISLAND, type IslandRuntime, islandRuntime } from './island-runtime.ts';
