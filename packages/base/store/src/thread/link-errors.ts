import { encodeError, type LinkBounds, type LinkErrors } from '@medkit/edges/link';
import * as errors from '../errors.ts';
import { StatementFailed, StoreBusy, StoreError } from '../errors.ts';

/** Writes may wait for a slow disk, so there may be many; a robot that fails as a whole has hundreds at once. */
export const WRITER_BOUNDS: LinkBounds = { calls: 4096, bytes: 16 * 1024 * 1024 };
export const READER_BOUNDS: LinkBounds = { calls: 1024, bytes: 16 * 1024 * 1024 };

const CLASSES: Readonly<Record<string, new (message: string) => StoreError>> = errors;

/** Errors between a store and its threads. */
export const STORE_ERRORS: LinkErrors = {
  encode: encodeError,
  // Where in the other thread it was thrown is no news: there is one place for each class.
  decode: ({ name, message }) => new (CLASSES[name] ?? StoreError)(message),
  full: (calls, bytes) => new StoreBusy(`the store has ${calls} calls of ${bytes} octets to answer already: try again`),
  uncloneable: ({ message }) => new StatementFailed(`a value is not one that SQL knows: ${message}`),
};
