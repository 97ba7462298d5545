import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Ports for programs that start later, or again. They are below the range from which systems choose ports, so no other
 * program is given the port while it is free.
 */
const LATER_PORTS = { min: 10_000, max: 20_000 };
/** Random ports that are tried: far more than a machine uses in this range. */
const TRIES = 1000;
/** Each domain for tests locks a port, see free-domain.ts. Browsers and `fetch` refuse port 10080. */
const isUsable = (port: number): boolean => (port - 7400) % 250 !== 0 && port !== 10_080;

/**
 * Reserves a loopback port until this process ends. The lock is the next port: the system gives it to one process, and
 * releases it however that process ends. Programs of tests can use the reserved port several times.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const port = 2 * randomInt(LATER_PORTS.min / 2, LATER_PORTS.max / 2);
    if (!isUsable(port)) continue;
    const release = await takePort(port + 1);
    if (!release) continue;
    const releaseTried = await takePort(port);
    if (releaseTried) {
      await releaseTried();
      return port;
    }
    await release();
  }
  throw new Error(`no free port between ${LATER_PORTS.min} and ${LATER_PORTS.max}`);
}

/**
 * Binds a loopback port, and returns what releases it; `undefined` if the port is in use. The process can exit before
 * the release.
 */
export function takePort(port: number): Promise<(() => Promise<void>) | undefined> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      server.unref();
      resolve(() => new Promise((closed) => server.close(() => closed())));
    });
  });
}
