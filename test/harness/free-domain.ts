import { takePort } from '../federation/free-port.ts';

/**
 * Domains for tests, above those that users usually choose for robots. Their ports are below Linux's range for outgoing
 * connections.
 */
const POOL = Array.from({ length: 80 }, (_, index) => 20 + index);

/** A domain that no other process of this machine uses, until it is disposed. */
export interface FreeDomain extends AsyncDisposable {
  readonly id: number;
}

/**
 * Takes a domain of the pool. The lock is a TCP port with the number of the UDP port on which its participants announce
 * themselves. The system gives the port to one process and releases it however that process ends.
 */
export async function freeDomain(): Promise<FreeDomain> {
  const first = Math.floor(Math.random() * POOL.length);
  for (const id of [...POOL.slice(first), ...POOL.slice(0, first)]) {
    const release = await takePort(7400 + 250 * id);
    if (release) return { id, [Symbol.asyncDispose]: release };
  }
  throw new Error(`all ${POOL.length} domains for tests are in use`);
}

/** Reserves a domain until this process ends, so that suites can run concurrently. */
export const reserveDomain = async (): Promise<number> => (await freeDomain()).id;
