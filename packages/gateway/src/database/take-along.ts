import type { Log } from '@medkit/core';
import { moveDatabase, StoreError } from '@medkit/store';

/**
 * Moves a database that the configuration now has at another path, before it is opened there: what is in it is not to be
 * missed. One that cannot be moved stays, and is told.
 */
export function takeAlong({ path, former }: { readonly path: string; readonly former?: string }, log: Log): void {
  if (former === undefined) return;
  try {
    if (moveDatabase(former, path)) log('warn', `${former} is moved to ${path}, and kept as ${former}.moved`);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    log('error', `${former} cannot be moved to ${path}, which begins without it: ${error.message}`);
  }
}
