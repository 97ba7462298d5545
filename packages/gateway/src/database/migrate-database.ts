import type { Log } from '@medkit/core';
import { moveDatabase, StoreError } from '@medkit/store';

/**
 * Moves a database to the path that the configuration now names, before it is opened there, so that its content is
 * retained. If that fails, it stays, and the reason is logged.
 */
export function migrateDatabase({ path, former }: { readonly path: string; readonly former?: string }, log: Log): void {
  if (former === undefined) return;
  try {
    if (moveDatabase(former, path))
      log('warn', `${former} was moved to ${path}; the original is stored as ${former}.moved`);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    log('error', `cannot move ${former} to ${path}, which starts without its data: ${error.message}`);
  }
}
