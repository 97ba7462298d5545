import { type Log, reasonOf } from '@medkit/core';

/** Closes what is no longer needed, as soon as it is open. Nobody waits for it: what fails is told, and is over with that. */
export function letGo(what: string, opened: Promise<{ close(): Promise<void> } | undefined>, log: Log): void {
  opened
    .then((open) => open?.close())
    .catch((error: unknown) => log('warn', `${what} could not be closed: ${reasonOf(error)}`));
}
