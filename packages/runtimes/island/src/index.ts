export { type IslandRuntime, islandRuntime } from './island-runtime.ts';
