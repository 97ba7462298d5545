import type { Quota } from '@medkit/edges';
import { TooManyLogins } from '../refusals.ts';
import type { PasswordHash } from './password-hash.ts';

/** Like `PasswordHash`; `asker` is the address or the known device of the client. */
export type QueuedHash = (...of: [...Parameters<PasswordHash>, asker?: string]) => Promise<Uint8Array>;

/** Maximum concurrent hashes: each takes 19 MiB and a core, which the robot needs for other work. */
const MAX_RUNNING = 2;
export const MAX_WAITING = 20;

/**
 * Wraps `hash` so that only a few run at a time; the others wait in order. Rejects with `TooManyLogins` if too many
 * wait, or too many of one client, so that a client that floods logins leaves room for others.
 */
export function hashQueue(hash: PasswordHash, quota: Quota): QueuedHash {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (password, options, asker) => {
    if (running < MAX_RUNNING) {
      running += 1;
    } else {
      if (!quota.take(asker)) {
        throw new TooManyLogins(`${quota.total} passwords are queued for verification: try again in a few seconds`);
      }
      const turn = Promise.withResolvers<void>();
      waiting.push(turn.resolve);
      await turn.promise;
      quota.release(asker);
    }
    try {
      return await hash(password, options);
    } finally {
      // Passes the slot directly to the next waiting call, so that no new call takes it.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
