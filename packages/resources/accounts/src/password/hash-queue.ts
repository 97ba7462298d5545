import type { Quota } from '@medkit/edges';
import { TooManyLogins } from '../refusals.ts';
import type { PasswordHash } from './password-hash.ts';

/** As `PasswordHash`; `asker` is the address or the known device of the client. */
export type QueuedHash = (...of: [...Parameters<PasswordHash>, asker?: string]) => Promise<Uint8Array>;

/** Memory and processor of a robot are for other things: each hash takes 19 MiB, and a core. */
const MAX_RUNNING = 2;
export const MAX_WAITING = 20;

/**
 * As `hash`, a few at a time and the others in turn. Rejects with `TooManyLogins` if too many wait, or too many of one asker,
 * so that a stranger who floods the logins leaves room to the others.
 */
export function hashQueue(hash: PasswordHash, quota: Quota): QueuedHash {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (password, options, asker) => {
    if (running < MAX_RUNNING) {
      running += 1;
    } else {
      if (!quota.take(asker)) {
        throw new TooManyLogins(`${quota.total} passwords wait to be compared: try again in a few seconds`);
      }
      const turn = Promise.withResolvers<void>();
      waiting.push(turn.resolve);
      await turn.promise;
      quota.release(asker);
    }
    try {
      return await hash(password, options);
    } finally {
      // Whoever is next has the place at once: nobody who comes between takes it.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
