export type { Clock, Timer } from './clock.ts';
export { within } from './clock.ts';
export type {
  BindOptions,
  DatagramListener,
  DatagramSocket,
  Datagrams,
  NetworkInterface,
  SocketAddress,
} from './datagrams.ts';
export { AddressInUse } from './datagrams.ts';
export { Deadline } from './deadline.ts';
export { DEBUG_COMPONENTS, type DebugComponent, debug, debugComponents, setDebugLogs } from './debug-log.ts';
export { type FileState, type Files, NotExact, type OctetRange, type WritableFiles } from './files.ts';
export type { FolderWatch, WatchFolder } from './folder-watch.ts';
export {
  type HttpClient,
  type HttpReply,
  type HttpRequest,
  type HttpStreamReply,
  type HttpStreamRequest,
  type HttpStreams,
  ReplyMissing,
} from './http-client.ts';
export type { Names } from './names.ts';
export { OwnedMap } from './owned-map.ts';
export type { Signals } from './programs.ts';
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
export { Quota, type QuotaFigures, selectFairly } from './quota.ts';
export type { Random } from './random.ts';
export { seededRandom } from './random.ts';
export { redacted, redactUrl, redactUrls, secretsOfRequest } from './redact.ts';
export { pause, restartDelays, retryAfterMs, retryDelayMs } from './retry.ts';
export { MAX_SOCKET_PATH_BYTES, type StreamConnection, type StreamSockets } from './stream-sockets.ts';
export { taskQueue } from './task-queue.ts';
export type { Port, Thread } from './thread.ts';
