export { systemClock } from './clock.ts';
export { udpDatagrams } from './datagrams.ts';
export { systemFiles } from './files.ts';
export { systemRandom } from './random.ts';
export { systemWritableFiles } from './writable-files.ts';
