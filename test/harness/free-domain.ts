import { createServer } from 'node:net';

/**
 * Domains for tests, above those that people give their robots first. Their ports lie below those that Linux gives to
 * outgoing connections.
 */
const POOL = Array.from({ length: 80 }, (_, index) => 20 + index);

/** A domain that nothing else of this machine has, until it is disposed of. */
export interface FreeDomain extends AsyncDisposable {
  readonly id: number;
}

/**
 * Takes a domain of the pool. Its mark is a TCP port, the one with the number of the UDP port on which its participants
 * announce themselves: the system gives that to one process, and takes it back however that ends.
 */
export async function freeDomain(): Promise<FreeDomain> {
  const first = Math.floor(Math.random() * POOL.length);
  for (const id of [...POOL.slice(first), ...POOL.slice(0, first)]) {
    const release = await takePort(7400 + 250 * id);
    if (release) return { id, [Symbol.asyncDispose]: release };
  }
  throw new Error(`all ${POOL.length} domains for tests are in use`);
}

/** A domain that nothing else of this machine has until this process ends, so that suites can run side by side. */
export const ownDomain = async (): Promise<number> => (await freeDomain()).id;

/** `undefined` where somebody has it. */
function takePort(port: number): Promise<(() => Promise<void>) | undefined> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      // A test that fails before it gives the domain back ends all the same.
      server.unref();
      resolve(() => new Promise((closed) => server.close(() => closed())));
    });
  });
}
