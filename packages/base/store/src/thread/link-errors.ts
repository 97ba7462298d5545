import { encodeError, type LinkBounds, type LinkErrors } from '@medkit/edges/link';
import * as errors from '../errors.ts';
import { StatementFailed, StoreBusy, StoreError } from '../errors.ts';

/** Limits of pending calls. Many writes may wait for a slow disk: if a whole robot fails, hundreds arrive together. */
export const WRITER_BOUNDS: LinkBounds = { calls: 4096, bytes: 16 * 1024 * 1024 };
export const READER_BOUNDS: LinkBounds = { calls: 1024, bytes: 16 * 1024 * 1024 };

const CLASSES: Readonly<Record<string, new (message: string) => StoreError>> = errors;

/** Conversion of errors between a store and its threads. */
export const STORE_ERRORS: LinkErrors = {
  encode: encodeError,
  // Drops the stack of the other thread: each class is thrown in one place.
  decode: ({ name, message }) => new (CLASSES[name] ?? StoreError)(message),
  full: (calls, bytes) => new StoreBusy(`the store already has ${calls} pending calls with ${bytes} bytes: try again`),
  uncloneable: ({ message }) => new StatementFailed(`a value has no SQL type: ${message}`),
};
