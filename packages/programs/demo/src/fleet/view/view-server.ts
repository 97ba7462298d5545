import type { Socket } from 'node:net';
import { openPrivateSocket, type PrivateSocket } from '../../control/private-socket.ts';
import type { FleetView } from './fleet-view.ts';

/** Backlog after which a slow viewer is disconnected: about 100 views of a small fleet. */
const MAX_WAITING_BYTES = 256 * 1024;

export interface ViewServer {
  /** Sends the current view to all viewers. */
  show(view: FleetView): void;
  close(): Promise<void>;
}

/**
 * Serves the view of the fleet at `path`, accessible only to this user. A client gets the current view and each change, one JSON
 * object per line.
 */
export async function openViewServer(path: string): Promise<ViewServer> {
  const viewers = new Set<Socket>();
  let line: string | undefined;
  const server: PrivateSocket = await openPrivateSocket(path, (socket) => {
    viewers.add(socket);
    socket.on('close', () => viewers.delete(socket));
    // A disconnected viewer is dropped.
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
