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
export { type ExactFiles, NotExact } from './exact-files.ts';
export type { FileState, FileStates } from './file-states.ts';
export type { DirectoryEntry, Files } from './files.ts';
export type { HttpClient, HttpReply, HttpRequest } from './http-client.ts';
export type { Links } from './links.ts';
export type { Names } from './names.ts';
export {
  FIRST_FILE_DESCRIPTOR,
  type ProcessIdentity,
  type ProgramEnd,
  type ProgramExit,
  type ProgramRun,
  type ProgramStart,
  type ProgramStream,
  type Programs,
  type StartedProgram,
} from './programs.ts';
export type { Random } from './random.ts';
export type { FileBelow, ReleaseFiles } from './release-files.ts';
export { seededRandom } from './seeded-random.ts';
export type { Signals } from './signals.ts';
export type { OctetRange, StoredFileFacts, StoredFiles } from './stored-files.ts';
export type { Port, Thread } from './thread.ts';
export { turns } from './turns.ts';
export { within } from './within.ts';
export type { WritableFiles } from './writable-files.ts';
