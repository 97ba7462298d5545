import { type AddressInfo, createServer } from 'node:net';

/** Returns a free loopback port: the wanted one, or another if it is taken or 0. */
export async function freePort(wanted: number): Promise<number> {
  return (await heldPort(wanted)) ?? (await heldPort(0)) ?? wanted;
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
