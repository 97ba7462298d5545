/** Reading and writing of serialised payloads without a participant: pure, also for browsers. */
export { CdrReader } from './cdr-reader.ts';
export { CdrWriter } from './cdr-writer.ts';
export { decodeEncapsulation, type Encapsulation, MalformedCdr } from './encapsulation.ts';
