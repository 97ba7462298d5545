export { app, area, component, entityLists, functionEntity } from './entities.ts';
export {
  MEMORY_TIMESTAMP_NS,
  type MemoryItem,
  type MemoryRuntime,
  type MemoryRuntimeOptions,
  memoryRuntime,
} from './memory-runtime.ts';
