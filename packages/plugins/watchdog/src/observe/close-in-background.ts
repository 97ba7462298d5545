import { errorMessage, type Log } from '@medkit/core';

/** Closes a resource as soon as it is open. Callers do not wait; errors are logged. */
export function closeInBackground(
  what: string,
  opened: Promise<{ close(): Promise<void> } | undefined>,
  log: Log,
): void {
  opened
    .then((open) => open?.close())
    .catch((error: unknown) => log('warn', `${what} could not be closed: ${errorMessage(error)}`));
}
