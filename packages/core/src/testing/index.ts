export { app, area, component, entityLists, functionEntity } from './entities.ts';
export { type MemoryConfigurations, memoryConfigurations } from './memory-configurations.ts';
export { fault, faultEvent, type MemoryFaultsOptions, memoryFaults } from './memory-faults.ts';
export { type MemoryOperation, type MemoryOperations, memoryOperations } from './memory-operations.ts';
export { type MemoryRunner, memoryRunner } from './memory-runner.ts';
export {
  MEMORY_TIMESTAMP_NS,
  type MemoryItem,
  type MemoryRuntime,
  type MemoryRuntimeOptions,
  memoryRuntime,
} from './memory-runtime.ts';
export { type MemoryUpdatesOptions, memoryUpdates } from './memory-updates.ts';
export { errorOf } from './rejection.ts';
