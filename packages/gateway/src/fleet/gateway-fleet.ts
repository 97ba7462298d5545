import { resolve } from 'node:path';
import type { Blobs } from '@medkit/blobs';
import { errorMessage, type Log, quotaBlock, type RuntimeHealth } from '@medkit/core';
import type { Clock, Files, Random, WritableFiles } from '@medkit/edges';
import {
  FLEET_TABLES,
  type Fleet,
  type FleetOptions,
  MAX_ROBOTS,
  MAX_ROBOTS_ON_POSTGRES,
  openFleet,
  type RobotPings,
  robotPings,
} from '@medkit/fleet';
import { openStore, type Store, StoreError } from '@medkit/store';
import type { GatewayConfig } from '../config/index.ts';
import { issueRules } from '../config/issue-rules.ts';
import type { HubDatabase } from '../database/hub-database.ts';
import { publicUrl } from '../http/public-url.ts';
import { StartRefused } from '../listen.ts';
import { trustedProxies } from '../security/trusted-proxies.ts';
import { openAdmission } from './admission.ts';
import { type GatewayArtifacts, gatewayArtifacts } from './artifacts/gateway-artifacts.ts';
import { openBlobs } from './blobs/open-blobs.ts';
import { catchUpTurns } from './catch-up-turns.ts';
import type { ChangePublisher } from './changes/publish-changes.ts';
import { eventArchive } from './event-archive.ts';
import { type GatewayEvidence, gatewayEvidence } from './evidence/gateway-evidence.ts';
import { type GatewayQuota, gatewayQuota, recordQuotas } from './fleet-quota.ts';
import { fleetSecret } from './fleet-secret.ts';
import { followRobot } from './follow-robot.ts';
import type { FrontLinks } from './front-links.ts';
import { ingestBatches } from './ingest-batches.ts';
import { knownReader } from './known-reader.ts';
import { readRates, THROTTLED_TEXT } from './read-rates.ts';
import { type RobotSessions, robotSessions } from './robot-sessions.ts';
import type { ServedFronts, ServeFrontsOptions } from './serve-fronts.ts';
import { type UplinkUpgrade, uplinkUpgrade } from './uplink-upgrade.ts';

/** Robots that a warning names. */
const MAX_LISTED = 10;
/** Share of `fleet.idle_sec` after which a robot sends a ping: two pings, and time for a late one. */
const PING_SHARE = 5 / 12;

export interface FleetSources {
  readonly config: GatewayConfig;
  readonly files: Files & WritableFiles;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly machineName: string;
  /** The database of the hub in PostgreSQL; absent if the fleet is in the file `fleet.db` of the data folder. */
  readonly hubDatabase?: HubDatabase | undefined;
  /** What standbys hold, and what this process held as one; absent without a standby. */
  readonly frontLinks?: FrontLinks | undefined;
  /** Opens another database of the fleet. */
  readonly openFleetStore?: () => Promise<Store>;
}

/** The fleet of a hub. */
export interface GatewayFleet {
  readonly record: Fleet;
  readonly sessions: RobotSessions;
  /** Database and pings of the record, for its outbreaks. */
  readonly sources: { readonly store: Store; readonly pings: RobotPings };
  readonly upgrade: UplinkUpgrade;
  /** The store of files, for evidence and artifacts. */
  readonly blobs: Blobs;
  readonly evidence: GatewayEvidence;
  readonly artifacts: GatewayArtifacts;
  readonly quota: GatewayQuota;
  /** Path of `server.public_url`, without a trailing slash. */
  readonly publicPath: string;
  /** Begins the sessions of the uplinks that this process held as a standby. Call it when the server listens. */
  takeOver(): Promise<void>;
  /** Ends all uplinks; robots return after a time that the hub spreads. Call it before the server closes. */
  stop(): Promise<void>;
  health(): Promise<RuntimeHealth>;
  close(): Promise<void>;
}

/** Opens the fleet of a hub. Loaded only if `fleet.enabled` is set. Throws `StartRefused`. */
export async function gatewayFleet(sources: FleetSources): Promise<GatewayFleet> {
  const { config, clock, random, log } = sources;
  const secret = await fleetSecret(sources);
  const store = await (sources.openFleetStore ?? (() => fleetStore(sources)))();
  const pings = robotPings(clock);
  const fleet = await opened(store, () => openRecord(sources, { store, secret, pings }));
  const turns = catchUpTurns(clock);
  const rates = readRates(clock, (robot, isThrottled) => {
    const problem = isThrottled ? `The robot ${THROTTLED_TEXT}.` : undefined;
    fleet.noteThrottled(robot, problem).catch((error: unknown) => {
      log('error', `cannot note the problem of ${robot}: ${errorMessage(error)}`);
    });
  });
  const ingest = ingestBatches(clock, (parts) => fleet.ingest(parts));
  const admission = openAdmission(clock, config.fleet.connects_per_sec);
  const reopenedListeners = new Set<() => void>();
  const onReopened = (listener: () => void) => {
    reopenedListeners.add(listener);
    return () => void reopenedListeners.delete(listener);
  };
  const sessions = robotSessions({
    fleet,
    pings,
    clock,
    random,
    log,
    onOpen: (session) => {
      void followRobot({ session, fleet, ingest, turns, rates, onReopened, clock, random, log });
      evidence.look();
    },
  });
  sources.hubDatabase?.onReopened('fleet', () => {
    fleet.renew(sessions.all()).then(
      () => {
        for (const listener of [...reopenedListeners]) listener();
      },
      (error: unknown) =>
        log('error', `cannot compare the sessions of robots with the database: ${errorMessage(error)}`),
    );
  });
  const blobs = await opened(store, () => openBlobs(sources));
  const evidence = gatewayEvidence({ ...sources, blobs, fleet, sessions });
  const publisher = await opened(store, () => openPublisher(sources, fleet));
  const artifacts = await gatewayArtifacts({ ...sources, blobs, artifacts: fleet.artifacts });
  const quota = gatewayQuota(config.fleet.quota.requests_per_min, fleet, clock);
  const known = knownReader({ fleet, sessions, clock, log });
  const outside = publicUrl(config);
  const publicPath = outside === undefined ? '' : new URL(outside).pathname.replace(/\/$/, '');
  const upgrade = uplinkUpgrade({
    fleet,
    sessions,
    admission,
    clock,
    log,
    isProxy: trustedProxies(config.server.trusted_proxies),
    publicPath,
  });
  const fronts = await openFronts(sources, { fleet, sessions });
  log('info', `this gateway is a fleet hub with the key ${fleet.identity.fingerprint}`);
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    admission.close();
    fronts?.close();
    stopping ??= sessions.stop();
    return stopping;
  };
  return {
    record: fleet,
    sessions,
    sources: { store, pings },
    upgrade,
    blobs,
    evidence,
    artifacts,
    quota,
    publicPath,
    takeOver: async () => fronts?.takeOver(),
    stop,
    health: async () => {
      const used = await quotaHealth(quota);
      return {
        warnings: [
          ...used.warnings,
          ...throttledWarning(rates.reported()),
          ...partitionWarning(fleet.partitionProblem()),
          ...evidence.health().warnings,
          ...(await publisherWarnings(publisher)),
        ],
        blocks: {
          'x-medkit-fleet': {
            evidence: evidence.health().figures,
            connected: sessions.size,
            ...used.blocks['x-medkit-fleet'],
            ...(await presenceIn(fleet)),
            handshakes: admission.figures(),
            catching_up: turns.figures(),
            throttled: rates.throttled,
            ...(fronts && { standbys: fronts.figures() }),
          },
          ...quotaBlock({ fleet_handshakes: upgrade.handshakes }),
        },
      };
    },
    close: async () => {
      known.close();
      await stop();
      artifacts.close();
      await evidence.close();
      await publisher?.close();
      fleet.close();
      await store.close();
    },
  };
}

/** Serves standbys. Loaded only if the hub has one. */
async function openFronts(
  { config, frontLinks, clock, log }: FleetSources,
  parts: Pick<ServeFrontsOptions, 'fleet' | 'sessions'>,
): Promise<ServedFronts | undefined> {
  if (!frontLinks) return undefined;
  const { HELD_PER_CONNECT, serveFronts } = await import('./serve-fronts.ts');
  const perSec = HELD_PER_CONNECT * config.fleet.connects_per_sec;
  return serveFronts({ ...parts, links: frontLinks, perSec, max: MAX_ROBOTS_ON_POSTGRES, clock, log });
}

/** Returns the warning that names the robots that send too much; none if there are none. */
function throttledWarning(robots: readonly string[]): RuntimeHealth['warnings'] {
  if (robots.length === 0) return [];
  const names = robots.slice(0, MAX_LISTED).join(', ');
  const more = robots.length > MAX_LISTED ? ` and ${robots.length - MAX_LISTED} more` : '';
  return [{ code: 'uplink_throttled', message: `${names}${more}: each of these robots ${THROTTLED_TEXT}` }];
}

/** Returns the warning about events outside of the monthly partitions; none if there are none. */
function partitionWarning(problem: string | undefined): RuntimeHealth['warnings'] {
  if (problem === undefined) return [];
  const message = `Events of robots are in the partition fleet_events_default instead of that of their month: ${problem}.`;
  return [{ code: 'fleet_events_unsorted', message }];
}

/** Returns the use of the quotas; nothing if the record cannot be read, which another warning reports. */
async function quotaHealth(quota: GatewayQuota): Promise<RuntimeHealth> {
  try {
    return await quota.health();
  } catch (error) {
    if (error instanceof StoreError) return { warnings: [], blocks: {} };
    throw error;
  }
}

/** Publishes the changes of the fleet, if the hub has servers for them. The code for NATS is loaded only then. */
async function openPublisher(sources: FleetSources, fleet: Fleet): Promise<ChangePublisher | undefined> {
  if (sources.config.fleet.nats.servers.length === 0) {
    await fleet.changes.stop();
    return undefined;
  }
  const { openPublisher: open } = await import('./changes/open-publisher.ts');
  return open(sources, fleet);
}

/** Returns the warnings of the publisher; none if the record cannot be read, which another warning reports. */
async function publisherWarnings(publisher: ChangePublisher | undefined): Promise<RuntimeHealth['warnings']> {
  try {
    return (await publisher?.health())?.warnings ?? [];
  } catch (error) {
    if (error instanceof StoreError) return [];
    throw error;
  }
}

/** Returns the numbers of robots by presence; the problem if the record cannot be read. */
async function presenceIn(fleet: Pick<Fleet, 'presences'>): Promise<Readonly<Record<string, unknown>>> {
  try {
    return { presence: await fleet.presences() };
  } catch (error) {
    return { problem: `the robots cannot be counted: ${errorMessage(error)}` };
  }
}

/** Opens the record of the fleet with the settings of the hub. */
function openRecord(
  { config, clock, random, files, hubDatabase, log }: FleetSources,
  parts: Pick<FleetOptions, 'store' | 'secret' | 'pings'>,
): Promise<Fleet> {
  return openFleet({
    ...parts,
    clock,
    random,
    retention: config.fleet.retention,
    issueRules: issueRules(config.fleet.issue_rules),
    archive: eventArchive({ folder: resolve(config.data_dir, 'fleet-archive'), files }),
    hasPartitions: hubDatabase !== undefined,
    quotas: recordQuotas(config.fleet),
    maxRobots: hubDatabase ? MAX_ROBOTS_ON_POSTGRES : MAX_ROBOTS,
    log,
    keepaliveMaxSec: Math.max(1, Math.floor(config.fleet.idle_sec * PING_SHARE)),
  });
}

/** Opens the database of the fleet. */
async function fleetStore({ config, hubDatabase, clock, log }: FleetSources): Promise<Store> {
  try {
    if (hubDatabase) return await hubDatabase.open('fleet', { migrations: FLEET_TABLES });
    const warn = (message: string) => log('warn', message);
    return await openStore({ path: resolve(config.data_dir, 'fleet.db'), migrations: FLEET_TABLES, clock, warn });
  } catch (error) {
    return refuse(error);
  }
}

async function opened<T>(store: Store, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    await store.close();
    return refuse(error);
  }
}

function refuse(error: unknown): never {
  if (error instanceof StoreError || error instanceof Error) throw new StartRefused(errorMessage(error));
  throw error;
}
