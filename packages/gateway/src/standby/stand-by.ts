import { hostname } from 'node:os';
import { errorMessage, type Log } from '@medkit/core';
import { pause } from '@medkit/edges';
import { systemClock, systemFiles, systemRandom, systemWritableFiles } from '@medkit/edges/node';
import { type LockWatch, type ObservedHolder, watchLocks } from '@medkit/store/postgres';
import { type HeldUplinks, heldUplinks } from '@medkit/tunnel/front';
import type { Environment, GatewayConfig } from '../config/index.ts';
import { hubSchema, LOCKED_PARTS, postgresAddress } from '../database/hub-database.ts';
import { fleetSecret } from '../fleet/fleet-secret.ts';
import { HELD_PER_CONNECT } from '../fleet/serve-fronts.ts';
import { serverTimes } from '../http/server-limits.ts';
import { openTls, operatorLogOf } from '../start-gateway.ts';
import { acceptUplinks } from './accept-uplinks.ts';
import { forwardConnections, type ServingHub } from './forward-connections.ts';
import { linkToHub } from './link-to-hub.ts';
import { replicaKey } from './replica-handshake.ts';
import { listenAsStandby } from './standby-listener.ts';

/** Interval of the looks at the database: adds to the time without a hub. */
const LOOK_MS = 500;
/**
 * Time after which a process that sends nothing to the database counts as hung: ten of its heartbeats, and longer than
 * any work that occupies a healthy process.
 */
const HUNG_MS = 20_000;
/** Time by which an idle connection outlives that between the standby and the hub that serves. */
const IDLE_MARGIN_MS = 10_000;

export interface StandByOptions {
  readonly config: GatewayConfig;
  readonly environment: Environment;
  /** Ends the wait. */
  readonly signal: AbortSignal;
}

/** The end of a standby. */
export interface StandbyEnd {
  /** Whether the database is free; false if the wait was aborted. */
  readonly isFree: boolean;
  /** The uplinks of robots that this process holds; absent if it was no standby. */
  readonly held?: HeldUplinks;
}

/**
 * Waits until no other process has the database of the hub. Meanwhile, holds the uplinks of robots for the hub that has it,
 * and forwards all other connections. Throws `StartRefused` if the address, the secret or the certificate cannot be used.
 */
export async function standBy({ config, environment, signal }: StandByOptions): Promise<StandbyEnd> {
  const log = operatorLogOf(environment);
  const clock = systemClock;
  const schemas = LOCKED_PARTS.map((part) => hubSchema(config, part));
  await using opened = new AsyncDisposableStack();
  const locks = watchLocks(postgresAddress(config.fleet.database), schemas);
  opened.defer(() => locks.close());
  const serving = servingHub();
  const isFree = freeLocks({ locks, onHolder: serving.found, log });
  if (await isFree()) return { isFree: !signal.aborted };
  const tls = config.server.tls.enabled ? await openTls(config, hostname(), log) : undefined;
  opened.defer(() => tls?.close());
  const files = { ...systemFiles, ...systemWritableFiles };
  const key = replicaKey(await fleetSecret({ config, files, random: systemRandom, log }));
  const idleMs = serverTimes(config).connectionTimeout + IDLE_MARGIN_MS;
  const parts = { hub: serving.hub, key, clock, random: systemRandom, log };
  const perSec = HELD_PER_CONNECT * config.fleet.connects_per_sec;
  const held = heldUplinks({ clock, random: systemRandom, perSec });
  const forwarder = forwardConnections({ ...parts, idleMs });
  const link = linkToHub({ ...parts, held });
  opened.defer(() => link.close());
  const uplinks = acceptUplinks({ config, tls, link: link.current, held, clock, log });
  const listener = await listenAsStandby({ server: config.server, tls, forwarder, uplinks, clock });
  opened.defer(() => listener.close());
  log('info', `this process is a standby at ${listener.url}, and takes over when the other process ends`);
  while (!(await isFree())) {
    serving.looked();
    await pause(clock, LOOK_MS, signal);
    if (!signal.aborted) continue;
    await held.end();
    return { isFree: false };
  }
  log('info', 'no other process has the database of the hub: this one takes over');
  return { isFree: true, held };
}

/** The address of the hub that serves, from the looks at the database. While that is unavailable, it is the last one. */
function servingHub() {
  let holder: ObservedHolder | undefined;
  let look = Promise.withResolvers<void>();
  const hub: ServingHub = { address: () => holder?.address, nextLook: () => look.promise };
  return {
    hub,
    found: (found: ObservedHolder): void => {
      holder = found;
    },
    looked: (): void => {
      look.resolve();
      look = Promise.withResolvers();
    },
  };
}

interface FreeLocksOptions {
  readonly locks: Omit<LockWatch, 'close'>;
  readonly onHolder: (holder: ObservedHolder) => void;
  readonly log: Log;
}

/**
 * Returns a function that returns whether all locks are free. It ends the session of a process that hangs: that process can
 * write nothing afterwards, and ends when it continues. Logs each new reason to wait.
 */
export function freeLocks({ locks, onHolder, log }: FreeLocksOptions) {
  let reason: string | undefined;
  const waitFor = (next: string): false => {
    if (next !== reason) log('warn', next);
    reason = next;
    return false;
  };
  return async (): Promise<boolean> => {
    try {
      const holder = await locks.holder();
      if (!holder) return true;
      onHolder(holder);
      if ((holder.silentMs ?? 0) < HUNG_MS)
        return waitFor(`the database of the hub is in use by ${holder.description}`);
      log('error', `${holder.description} sends nothing to the database, and is excluded from it`);
      await locks.end(holder);
      return false;
    } catch (error) {
      // It may come back; to start without it would fail.
      return waitFor(errorMessage(error));
    }
  };
}
