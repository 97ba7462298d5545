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
export type { DirectoryEntry, Files } from './files.ts';
export type { HttpClient, HttpReply, HttpRequest } from './http-client.ts';
export type { Random } from './random.ts';
export { seededRandom } from './seeded-random.ts';
export type { OctetRange, StoredFiles } from './stored-files.ts';
export { within } from './within.ts';
export type { WritableFiles } from './writable-files.ts';
