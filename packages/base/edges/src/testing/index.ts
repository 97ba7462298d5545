export { ChangingFiles } from './changing-files.ts';
export { SimulatedClock } from './clock.ts';
export { type NetworkConditions, SimulatedNetwork } from './datagrams.ts';
export { memoryFiles } from './files.ts';
export { SimulatedHttp } from './http-client.ts';
export { SimulatedNames } from './names.ts';
export { SimulatedProgram, SimulatedPrograms } from './programs.ts';
export { MemoryStoredFiles } from './stored-files.ts';
export { MemoryWritableFiles } from './writable-files.ts';
