/** Message decoding for readers of recordings. Runs in browsers too. */
export { CdrReader } from '@medkit/rtps/cdr';
export { compileDecoder } from './codec/compile-decoder.ts';
export { InvalidDefinition } from './definitions/definition.ts';
export type { RosMessage, RosValue } from './types/message.ts';
export { readDefinitionText } from './types/read-definition-text.ts';
