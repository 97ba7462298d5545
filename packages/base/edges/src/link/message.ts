/** An error as it crosses between threads and processes, where its class would be lost. */
export interface WireError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string | undefined;
}

/** A call; `id` names it in what comes back. */
export interface Call {
  readonly id: number;
  readonly name: string;
  readonly args: readonly unknown[];
}

/** What became of a call. */
export type Reply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: WireError };

/** What nobody answers. */
export interface Notice {
  readonly name: string;
  readonly args: readonly unknown[];
}

/**
 * What crosses a link, in either direction; `abort` is the number of a call whose answer nobody waits for any more. Told
 * apart by what they have: a field for their kind would be a tenth of what it costs to clone most of them.
 */
export type Message = Call | Reply | Notice | { readonly abort: number };

/** Messages that may cross as one; what is more goes with the next. */
export const MAX_GATHERED = 16_384;

/** What was received as messages; `undefined` where it is none, since a foreign program may have sent it. */
export function messagesOf(received: unknown): readonly unknown[] | undefined {
  if (!Array.isArray(received)) return [received];
  return received.length > 0 && received.length <= MAX_GATHERED ? received : undefined;
}

export function isMessage(received: unknown): received is Message {
  if (typeof received !== 'object' || received === null) return false;
  const { id, name, args, error, abort } = received as Readonly<Record<string, unknown>>;
  if (name !== undefined)
    return typeof name === 'string' && Array.isArray(args) && (id === undefined || typeof id === 'number');
  if (abort !== undefined) return typeof abort === 'number';
  if (typeof id !== 'number') return false;
  return 'value' in received || (typeof error === 'object' && error !== null);
}

/** How the errors of a package cross a link, and which of its own a link rejects with. */
export interface LinkErrors {
  encode(error: unknown): WireError;
  decode(error: WireError): Error;
  /** There is no room for one more call. */
  full(calls: number, bytes: number): Error;
  /** An argument of a call cannot be cloned (default: what the system says). */
  uncloneable?(error: Error): Error;
}

export function encodeError(error: unknown): WireError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const { name, message, stack } = error;
  return { name, message, stack };
}

/** The error with its class where `classes` has it, its name, message and the stack of where it was thrown. */
export function decodeError(
  { name, message, stack }: WireError,
  classes: Readonly<Record<string, new (message: string) => Error>> = {},
): Error {
  const Class = Object.hasOwn(classes, name) ? classes[name] : undefined;
  const error = Class ? new Class(message) : Object.assign(new Error(message), { name });
  if (stack !== undefined) error.stack = stack;
  return error;
}
