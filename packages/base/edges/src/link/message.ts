/** An error in the form that crosses threads and processes, where its class would be lost. */
export interface WireError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string | undefined;
}

/** A call; `id` identifies it in the reply. */
export interface Call {
  readonly id: number;
  readonly name: string;
  readonly args: readonly unknown[];
}

/** The outcome of a call. */
export type Reply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: WireError };

/** A message without an answer. */
export interface Notice {
  readonly name: string;
  readonly args: readonly unknown[];
}

/**
 * Messages of a link, in either direction; `abort` is the id of a call whose answer is no longer needed. The members
 * distinguish the kinds: a field for the kind would add a tenth to the cost of cloning most messages.
 */
export type Message = Call | Reply | Notice | { readonly abort: number };

/** Maximum messages in one port message; further messages go into the next. */
export const MAX_GATHERED = 16_384;

/**
 * Returns the received value as messages. Returns `undefined` if it is not a batch of valid length, since a foreign
 * program may have sent it.
 */
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

/** How the errors of a package cross a link, and which errors the link itself rejects with. */
export interface LinkErrors {
  encode(error: unknown): WireError;
  decode(error: WireError): Error;
  /** Too many calls or bytes are pending. */
  full(calls: number, bytes: number): Error;
  /** An argument of a call cannot be cloned (default: the error of the system). */
  uncloneable?(error: Error): Error;
}

export function encodeError(error: unknown): WireError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const { name, message, stack } = error;
  return { name, message, stack };
}

/** Restores an error with its class if `classes` has it, its name, message and original stack. */
export function decodeError(
  { name, message, stack }: WireError,
  classes: Readonly<Record<string, new (message: string) => Error>> = {},
): Error {
  const Class = Object.hasOwn(classes, name) ? classes[name] : undefined;
  const error = Class ? new Class(message) : Object.assign(new Error(message), { name });
  if (stack !== undefined) error.stack = stack;
  return error;
}
