/** Message decoding for readers of recordings. Runs in browsers too. */
export { CdrReader, MalformedCdr } from '@medkit/rtps/cdr';
export type { RosMessage, RosValue } from './adapter/message.ts';
export { compileDecoder } from './codec/compile-decoder.ts';
export { InvalidDefinition } from './definitions/definition.ts';
export type { MessageType, TypedField } from './types/message-type.ts';
export { readDefinitionText } from './types/read-definition-text.ts';
