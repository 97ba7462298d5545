import { LogStore, storedLogs } from '@medkit/core';

/** A log in which nothing stands. */
export const quietLogs = storedLogs({
  store: new LogStore({ entriesPerLogger: 1, onFull: () => undefined }),
  isEntity: () => true,
  logged: () => undefined,
});
