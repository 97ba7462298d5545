import { lookup } from 'node:dns/promises';
import type { Names } from '../names.ts';

/**
 * Maximum concurrent look-ups: one without an answer blocks for a long time one of the four threads that also read
 * files.
 */
const MAX_UNDER_WAY = 2;

let underWay = 0;
const waiting: (() => void)[] = [];

/** Resolves names with the system resolver: hosts file, multicast DNS if configured, and DNS. */
export const systemNames: Names = {
  async addressesOf(name) {
    if (underWay < MAX_UNDER_WAY) underWay += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return (await lookup(name, { all: true, order: 'verbatim' })).map(({ address }) => address);
    } finally {
      const next = waiting.shift();
      if (next) next();
      else underWay -= 1;
    }
  },
};
