/**
 * The part of TypeBox that checks values against schemas. A release has it in one file: see
 * `tools/release/bundle-modules.ts`.
 */
export { Compile, Errors } from 'typebox/schema';
export { Settings } from 'typebox/system';
