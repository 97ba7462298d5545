export type { Clock, Timer } from './clock.ts';
export type {
  BindOptions,
  DatagramListener,
  DatagramSocket,
  Datagrams,
  NetworkInterface,
  SocketAddress,
} from './datagrams.ts';
export { AddressInUse } from './datagrams.ts';
export type { FileState, FileStates } from './file-states.ts';
export type { DirectoryEntry, Files } from './files.ts';
export type { HttpClient, HttpReply, HttpRequest } from './http-client.ts';
export type { Links } from './links.ts';
export type { Random } from './random.ts';
export { seededRandom } from './seeded-random.ts';
export type { Signals } from './signals.ts';
export type { ProgramEnd, ProgramRun, Spawner } from './spawner.ts';
export type { OctetRange, StoredFileFacts, StoredFiles } from './stored-files.ts';
export type { Port, Thread } from './thread.ts';
export { within } from './within.ts';
export type { WritableFiles } from './writable-files.ts';
