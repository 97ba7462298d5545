export { systemClock } from './clock.ts';
export { udpDatagrams } from './datagrams.ts';
export { systemFiles } from './files.ts';
export { systemHttpClient } from './http-client.ts';
export { systemRandom } from './random.ts';
export { systemStoredFiles } from './stored-files.ts';
export { systemWritableFiles } from './writable-files.ts';
