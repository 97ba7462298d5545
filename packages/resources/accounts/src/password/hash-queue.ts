import { TooManyLogins } from '../refusals.ts';
import type { PasswordHash } from './password-hash.ts';

/** Memory and processor of a robot are for other things: each hash takes 19 MiB, and a core. */
const MAX_RUNNING = 2;
const MAX_WAITING = 20;

/** As `hash`, a few at a time and the others in turn. Rejects with `TooManyLogins` where too many wait. */
export function hashQueue(hash: PasswordHash): PasswordHash {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (password, options) => {
    if (running < MAX_RUNNING) {
      running += 1;
    } else {
      if (waiting.length >= MAX_WAITING) {
        throw new TooManyLogins(`${MAX_WAITING} passwords wait to be compared: try again in a few seconds`);
      }
      const turn = Promise.withResolvers<void>();
      waiting.push(turn.resolve);
      await turn.promise;
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
