import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** An abstract Linux socket name: it is released when its process ends, even by a crash. */
const nameOf = (what: string) => `\0medkit-${what}`;
const RETRY_MS = 100;

/** Waits until no other process of this machine uses `what`. Returns a function that releases it. */
export async function acquireMachineLock(what: string): Promise<() => Promise<void>> {
  for (;;) {
    const server = createServer().unref();
    try {
      server.listen(nameOf(what));
      await once(server, 'listening');
      return async () => void (await new Promise((resolve) => server.close(resolve)));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      await delay(RETRY_MS);
    }
  }
}
