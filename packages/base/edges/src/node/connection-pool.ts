import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import type { buildConnector, Client as UndiciClient } from 'undici';
import { Deadline } from '../deadline.ts';
import { systemClock } from './clock.ts';

/**
 * Idle time after which the pool closes a connection: below the 5 s at which most servers close it, to avoid writing to
 * a closing socket.
 */
const IDLE_TIMEOUT_MS = 4000;
/**
 * If the server announces a keep-alive time, the pool closes the connection this much earlier: a request may be on its
 * way by then.
 */
const CLOSING_MARGIN_MS = 1000;

// Loads only the client of undici: `fetch` and its modules would take 8 MB more.
const load = createRequire(import.meta.url);
const Client: typeof UndiciClient = load('undici/lib/dispatcher/client.js');
const connector: typeof buildConnector = load('undici/lib/core/connect.js');

/** Opens a connection. Trusts the default authorities and those given as PEM. */
export type Dial = ReturnType<typeof buildConnector>;

/** Returns a connector without a connect timeout: only the request's time limit ends an attempt. */
export function dialWithAuthorities(authorities: readonly string[]): Dial {
  if (authorities.length === 0) return connector({ timeout: 0 });
  const { getCACertificates } = process.getBuiltinModule('node:tls');
  return connector({ timeout: 0, ca: [...getCACertificates('default'), ...authorities] });
}

/** A pooled connection, which serves one request at a time. */
export interface PooledConnection {
  readonly client: UndiciClient;
  /** The checked IP address to connect to; the name is not resolved then. */
  readonly address: string | undefined;
  /** Time limit of the current request. */
  readonly deadline: Deadline;
  /** Returns the connection to the pool, unless it has closed. */
  keep(): void;
  /** Closes the connection or aborts connecting. Its request fails with `reason`. */
  end(reason: Error): void;
}

/**
 * Idle connections by connector and origin, the most recently used last. Connections with different authorities are not
 * shared, and each robot of a hub has a connector, with the same origin as all others.
 */
const idle = new Map<Dial, Map<string, PooledConnection[]>>();

/** Returns the number of idle connections to an origin. */
export function idleConnections(origin: string): number {
  return [...idle.values()].reduce((sum, origins) => sum + (origins.get(origin)?.length ?? 0), 0);
}

/**
 * Returns a connection to an origin, at `address` if that is given: an idle one, or a new one that connects on first
 * use.
 */
export function connectionTo(origin: string, address: string | undefined, dial: Dial): PooledConnection {
  const pooled = idle.get(dial)?.get(origin);
  // Uses only a connection with the same checked address.
  const at = pooled?.findLastIndex((connection) => connection.address === address) ?? -1;
  return pooled?.splice(at, at < 0 ? 0 : 1)[0] ?? newConnection(origin, address, dial);
}

function newConnection(origin: string, address: string | undefined, dial: Dial): PooledConnection {
  let dialled: Socket | undefined;
  let isConnected = false;
  const client = new Client(origin, {
    connect: (options, done) => {
      const hostname = address ?? options.hostname;
      dialled = dial({ ...options, hostname }, done) as unknown as Socket;
    },
    // The sender limits the time of a request; a reply that has started may take any time.
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: IDLE_TIMEOUT_MS,
    keepAliveMaxTimeout: IDLE_TIMEOUT_MS,
    keepAliveTimeoutThreshold: CLOSING_MARGIN_MS,
  });
  const connection: PooledConnection = {
    client,
    address,
    deadline: new Deadline(systemClock),
    keep: () => {
      if (!isConnected) return;
      const origins = idle.get(dial) ?? new Map<string, PooledConnection[]>();
      idle.set(dial, origins);
      const others = origins.get(origin);
      if (others) others.push(connection);
      else origins.set(origin, [connection]);
    },
    end: (reason) => {
      isConnected = false;
      dialled?.destroy();
      void client.destroy(reason);
    },
  };
  client.on('connect', () => {
    isConnected = true;
  });
  client.on('disconnect', () => {
    isConnected = false;
    const origins = idle.get(dial);
    const left = origins?.get(origin)?.filter((other) => other !== connection) ?? [];
    if (left.length > 0) origins?.set(origin, left);
    else origins?.delete(origin);
    if (origins?.size === 0) idle.delete(dial);
  });
  return connection;
}
