import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** A socket name of Linux's own name space: it is free again when its process ends, however that comes about. */
const nameOf = (what: string) => `\0medkit-${what}`;
const RETRY_MS = 100;

/** Waits until no other process of this machine is at `what`. Gives a way to let the next one go on. */
export async function takeTurn(what: string): Promise<() => Promise<void>> {
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
