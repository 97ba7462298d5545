export { SimulatedClock } from './clock.ts';
export { type NetworkConditions, SimulatedNetwork } from './datagrams.ts';
export { MemoryFiles } from './files.ts';
export { SimulatedHttp } from './http-client.ts';
export { SimulatedNames } from './names.ts';
export { SimulatedProgram, SimulatedPrograms } from './programs.ts';
export { SimulatedStreams } from './stream-sockets.ts';
