/** Encoding and decoding of serialised payloads without a participant. Has no I/O, so it also runs in browsers. */
export { CdrReader } from './cdr-reader.ts';
export { CdrWriter } from './cdr-writer.ts';
export { decodeEncapsulation, MalformedCdr } from './encapsulation.ts';
