import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import type { buildConnector, Client as UndiciClient } from 'undici';
import { Deadline } from '../deadline.ts';
import { systemClock } from './clock.ts';

/** Many servers close a connection that was idle for 5 s: not to be the one that finds out. */
const KEPT_MS = 4000;
/** A server may say how long it keeps one. So much sooner it is let go: a request may be on its way by then. */
const SOONER_MS = 1000;

// Of undici only what speaks to a server: `fetch` and what belongs to it would take 8 MB more.
const load = createRequire(import.meta.url);
const Client: typeof UndiciClient = load('undici/lib/dispatcher/client.js');
const connector: typeof buildConnector = load('undici/lib/core/connect.js');

/** How connections are made: with those authorities trusted, besides those that everybody trusts, that are given as PEM texts. */
export type Dial = ReturnType<typeof buildConnector>;

/** No time but that of the request ends an attempt to connect. */
export function dialTrusting(authorities: readonly string[]): Dial {
  if (authorities.length === 0) return connector({ timeout: 0 });
  const { getCACertificates } = process.getBuiltinModule('node:tls');
  return connector({ timeout: 0, ca: [...getCACertificates('default'), ...authorities] });
}

/** A connection that serves one request at a time. */
export interface KeptConnection {
  readonly client: UndiciClient;
  /** Where that was checked; nobody looks up the name then. */
  readonly address: string | undefined;
  /** How it was made: who trusts others has connections of their own. */
  readonly dial: Dial;
  /** Of what it serves. */
  readonly deadline: Deadline;
  /** Gives it back for the next request, unless it has ended. */
  keep(): void;
  /** Ends it, and the attempt to make it. What it serves is told of the reason. */
  end(reason: Error): void;
}

/** Those that serve nobody, by the origin that they lead to: what was used last comes last. */
const idle = new Map<string, KeptConnection[]>();

/** How many connections to a server are kept for whoever asks next. */
export function keptConnections(origin: string): number {
  return idle.get(origin)?.length ?? 0;
}

/** A connection to the server of an origin, at the address where that was found: one that is kept, or one that is made when it is first used. */
export function connectionTo(origin: string, address: string | undefined, dial: Dial): KeptConnection {
  const kept = idle.get(origin);
  // One to an address that was checked is not taken for another.
  const at = kept?.findLastIndex((connection) => connection.address === address && connection.dial === dial) ?? -1;
  return kept?.splice(at, at < 0 ? 0 : 1)[0] ?? newConnection(origin, address, dial);
}

function newConnection(origin: string, address: string | undefined, dial: Dial): KeptConnection {
  let dialled: Socket | undefined;
  let isThere = false;
  const client = new Client(origin, {
    connect: (options, done) => {
      const hostname = address ?? options.hostname;
      dialled = dial({ ...options, hostname }, done) as unknown as Socket;
    },
    // The time of a request is counted by who sends it; one that has begun to be answered may take any.
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: KEPT_MS,
    keepAliveMaxTimeout: KEPT_MS,
    keepAliveTimeoutThreshold: SOONER_MS,
  });
  const connection: KeptConnection = {
    client,
    address,
    dial,
    deadline: new Deadline(systemClock),
    keep: () => {
      if (!isThere) return;
      const others = idle.get(origin);
      if (others) others.push(connection);
      else idle.set(origin, [connection]);
    },
    end: (reason) => {
      isThere = false;
      dialled?.destroy();
      void client.destroy(reason);
    },
  };
  client.on('connect', () => {
    isThere = true;
  });
  client.on('disconnect', () => {
    isThere = false;
    const left = idle.get(origin)?.filter((other) => other !== connection) ?? [];
    if (left.length > 0) idle.set(origin, left);
    else idle.delete(origin);
  });
  return connection;
}
