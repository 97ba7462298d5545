import type { Socket } from 'node:net';
import { openPrivateSocket, type PrivateSocket } from '../../control/private-socket.ts';
import type { FleetView } from './fleet-view.ts';

/** Who looks on and reads nothing is cut off when so much waits: a hundred views of a small fleet. */
const MAX_WAITING_BYTES = 256 * 1024;

export interface ViewServer {
  /** Tells all who look on what there is to see now. */
  show(view: FleetView): void;
  close(): Promise<void>;
}

/**
 * Shows the fleet at `path`, which only this user can reach: whoever connects is told what there is to see, and each time that it
 * is something else, a JSON object a line.
 */
export async function openViewServer(path: string): Promise<ViewServer> {
  const viewers = new Set<Socket>();
  let line: string | undefined;
  const server: PrivateSocket = await openPrivateSocket(path, (socket) => {
    viewers.add(socket);
    socket.on('close', () => viewers.delete(socket));
    // Who has gone looks on no more.
    socket.on('error', () => socket.destroy());
    socket.resume();
    if (line !== undefined) socket.write(line);
  });
  return {
    show(view) {
      const next = `${JSON.stringify(view)}\n`;
      if (next === line) return;
      line = next;
      for (const viewer of viewers) {
        if (viewer.writableLength > MAX_WAITING_BYTES) viewer.destroy();
        else viewer.write(next);
      }
    },
    async close() {
      for (const viewer of viewers) viewer.end();
      await server.close();
    },
  };
}
