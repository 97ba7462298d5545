import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** A socket name of Linux's own name space: it is free again when its process ends, however that comes about. */
const NAME = '\0medkit-interop';
const RETRY_MS = 100;

/**
 * Waits until no other process of this machine runs tests with peers: domains are shared by all of them, and a second run
 * would find the nodes of the first. Gives a way to let the next one go on.
 */
export async function takeTurn(): Promise<() => Promise<void>> {
  for (;;) {
    const server = createServer().unref();
    try {
      server.listen(NAME);
      await once(server, 'listening');
      return async () => void (await new Promise((resolve) => server.close(resolve)));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      await delay(RETRY_MS);
    }
  }
}
