import type { CdrWriter } from '@medkit/rtps';
import { InvalidMessage } from '../errors.ts';

/** The output of an encoder and its position in the message. */
export interface EncodeContext {
  readonly writer: CdrWriter;
  /** Names and indices that lead to the value being encoded. */
  readonly path: (string | number)[];
  /** Reject fields that the type does not have. */
  readonly strict: boolean;
}

/** Names and indices that lead to a value of a message. */
export interface ValuePath {
  readonly path: readonly (string | number)[];
}

const MAX_DISPLAYED_LENGTH = 60;

/** Throws `InvalidMessage`, for example `ranges[3]: expected a number, found "x"`. */
export function fail({ path }: ValuePath, problem: string): never {
  throw new InvalidMessage(path.length === 0 ? problem : `${formatPath(path)}: ${problem}`);
}

export function failValue(place: ValuePath, expected: string, found: unknown): never {
  return fail(place, `expected ${expected}, found ${show(found)}`);
}

function formatPath(path: readonly (string | number)[]): string {
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('');
}

function show(value: unknown): string {
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > MAX_DISPLAYED_LENGTH ? `${text.slice(0, MAX_DISPLAYED_LENGTH)}…` : text;
}
