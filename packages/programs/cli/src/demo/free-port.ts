import { randomInt } from 'node:crypto';
import { type AddressInfo, createServer } from 'node:net';

/**
 * Ports for programs that start later. They are below the ranges from which systems choose ports, so no other program
 * is given the port before it is used.
 */
const LATER_PORTS = { min: 20_000, max: 30_000 };
/** Random ports that are tried before the system chooses one. */
const TRIES = 20;

/** Returns a free loopback port: the wanted one, or another if it is taken or 0. */
export async function freePort(wanted: number): Promise<number> {
  const random = Array.from({ length: TRIES }, () => randomInt(LATER_PORTS.min, LATER_PORTS.max));
  for (const port of [...(wanted === 0 ? [] : [wanted]), ...random, 0]) {
    const free = await heldPort(port);
    if (free !== undefined) return free;
  }
  return wanted;
}

function heldPort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ host: '127.0.0.1', port }, () => {
      const { port: held } = server.address() as AddressInfo;
      server.close(() => resolve(held));
    });
  });
}
