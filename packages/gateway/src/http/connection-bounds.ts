import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** How many connections there may be at a time. */
export interface ConnectionBounds {
  /** In all: below the usual limit of open files. */
  readonly total: number;
  /** From one address: nobody takes all places. A thousand event streams of one proxy fit. */
  readonly perAddress: number;
  /** From one address, of those that have not asked for anything yet. */
  readonly silentPerAddress: number;
}

const BOUNDS: ConnectionBounds = { total: 4096, perAddress: 2048, silentPerAddress: 256 };

/** Requests of a connection that wait for the answers to earlier ones. Their own are made all the same, and held until then. */
const MAX_PIPELINED = 64;

/** Who connects from one address. */
interface Caller {
  open: number;
  /** In the order in which they came. */
  readonly silent: Set<Socket>;
}

/**
 * Keeps places free for clients that ask. A connection over a bound takes the place of the one that has been silent for the
 * longest, from its own address or, where all places are taken, from any: somebody who means to ask does so at once. It is
 * refused where every connection has asked for something. `rawOf` gives the connection as it came in of one that speaks TLS.
 */
export function boundConnections(server: Server, bounds = BOUNDS, rawOf = (socket: Socket): Socket => socket): void {
  const callers = new Map<string, Caller>();
  const silent = new Map<Socket, Caller>();
  let open = 0;

  const speaks = (socket: Socket): void => {
    silent.get(socket)?.silent.delete(socket);
    silent.delete(socket);
  };

  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    const caller = callers.get(address) ?? { open: 0, silent: new Set() };
    callers.set(address, caller);
    caller.open++;
    open++;
    caller.silent.add(socket);
    silent.set(socket, caller);
    socket.once('close', () => {
      open--;
      caller.open--;
      speaks(socket);
      if (caller.open === 0) callers.delete(address);
    });

    // The newcomer is silent itself: it goes where nobody else can.
    if (caller.silent.size > bounds.silentPerAddress || caller.open > bounds.perAddress)
      oldest(caller.silent).destroy();
    else if (open > bounds.total) oldest(silent.keys()).destroy();
  });
  const pipelined = boundPipelining();
  server.prependListener('request', ({ socket }, response) => {
    speaks(rawOf(socket));
    // A response gets the socket when it is its turn.
    if (!response.socket) pipelined(socket, response);
  });
}

/** Cuts off connections that ask for more than anybody could mean to read. */
function boundPipelining(): (socket: Socket, response: ServerResponse) => void {
  const waiting = new WeakMap<Socket, number>();
  const count = (socket: Socket, change: 1 | -1): number => {
    const now = (waiting.get(socket) ?? 0) + change;
    waiting.set(socket, now);
    return now;
  };
  return (socket, response) => {
    response.once('close', () => count(socket, -1));
    if (count(socket, 1) > MAX_PIPELINED) socket.destroy();
  };
}

function oldest(sockets: Iterable<Socket>): Socket {
  for (const socket of sockets) return socket;
  throw new Error('there is a newcomer');
}
