import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { ControlUnusable } from '../../control/socket-path.ts';
import type { FleetView } from './fleet-view.ts';

/** No fleet listens at the socket. */
export class NoFleetRunning extends Error {
  override readonly name = 'NoFleetRunning';
}

/**
 * Yields the view of a demo's fleet control, now and on each change, until it ends or `signal` is aborted. Throws
 * `NoFleetRunning` if there is none, and `ControlUnusable` for an invalid message.
 */
export async function* followFleet(path: string, signal?: AbortSignal): AsyncGenerator<FleetView> {
  const socket = connect(path);
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    }).catch((error: NodeJS.ErrnoException) => {
      const absent = error.code === 'ENOENT' || error.code === 'ECONNREFUSED';
      throw absent ? new NoFleetRunning('no fleet is running: start one with `npm start -- --fleet`') : error;
    });
    for await (const line of createInterface({ input: socket, signal })) yield readView(line);
  } finally {
    socket.destroy();
  }
}

function readView(line: string): FleetView {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new ControlUnusable(
      'the fleet control sent an invalid view: start the demo again, with this version of medkit',
      { cause },
    );
  }
}
