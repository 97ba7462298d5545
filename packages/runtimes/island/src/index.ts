export type { IslandRuntimeOptions } from './island-options.ts';
export { ISLAND, islandRuntime } from './island-runtime.ts';
