import { createServer, type Server, type Socket } from 'node:net';
import { Aedes } from 'aedes';

/** IANA port of MQTT, the default of MQTT tools. */
const USUAL_PORT = 1883;
const LOOPBACK = '127.0.0.1';

export interface DemoBroker {
  readonly url: string;
  close(): Promise<void>;
}

/** Opens an MQTT broker on loopback for the fleet of the demo, on the usual port if it is free. */
export async function openDemoBroker(): Promise<DemoBroker> {
  const aedes = await Aedes.createBroker();
  const server = createServer((socket: Socket) => aedes.handle(socket));
  await listen(server, USUAL_PORT).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    return listen(server, 0);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : USUAL_PORT;
  return {
    url: `mqtt://${LOOPBACK}:${port}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await new Promise<void>((resolve) => aedes.close(resolve));
      await closed;
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
