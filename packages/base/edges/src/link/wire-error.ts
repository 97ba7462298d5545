/** An error as it crosses between threads and processes, where its class would be lost. */
export interface WireError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string | undefined;
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
