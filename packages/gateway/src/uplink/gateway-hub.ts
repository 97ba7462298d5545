import { resolve } from 'node:path';
import type { UplinkBudget, UplinkStatus } from '@medkit/contract';
import { errorMessage, type Log, type RuntimeHealth } from '@medkit/core';
import type { Clock, Files, Random } from '@medkit/edges';
import { type Identity, uplinkAddress } from '@medkit/tunnel';
import {
  type BudgetState,
  type ClassUse,
  type EnrolledHub,
  type Enrolment,
  openDataBudget,
  type StoredHub,
  UplinkFileBroken,
  type UplinkFiles,
} from '@medkit/uplink';
import type { FastifyInstance } from 'fastify';
import { type GatewayConfig, HUB_DEFAULTS, type HubSettings } from '../config/index.ts';
import type { HubData } from './budget-guard.ts';
import { bulkGate } from './bulk-gate.ts';
import { endText } from './end-text.ts';
import { type HelloFacts, robotRecords, type UplinkLogSource } from './handshake-record.ts';
import { type HubAccess, hubAccess, hubPermissions, hubRole } from './hub-access.ts';
import { type HubConnection, hubConnection } from './hub-connection.ts';
import { isMetered } from './metered-link.ts';
import { uplinkServer } from './uplink-server.ts';

/** Unit of `hub.budget_mb_per_day`. */
const BYTES_PER_MB = 1_000_000;

export interface GatewayHubOptions {
  readonly config: Pick<GatewayConfig, 'auth' | 'data_dir' | 'hub' | 'hubs' | 'roles'>;
  readonly files: UplinkFiles & Pick<Files, 'list' | 'stateOf'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly uplinkLog: UplinkLogSource;
  /** Addresses of the machine as one text: a change checks the connection. */
  readonly addresses: () => string;
  readonly log: Log;
  /** The hub on the disk; one without an enrolment is not connected. */
  readonly stored: StoredHub;
  /** Its settings; `undefined` if the configuration has none for it. */
  readonly settings: HubSettings | undefined;
  /** Returns the fingerprint of the present key of each hub. */
  presentKeys(): Promise<readonly string[]>;
  facts(): Promise<HelloFacts>;
}

/** The budget of the day of one hub, and whether the link to it is metered. */
export type HubBudget = BudgetState & Pick<UplinkBudget, 'bulk_waits' | 'metered'>;

/** One fleet hub of a gateway: the enrolment of this robot, and the connection. */
export interface GatewayHub extends EnrolledHub {
  /** Fingerprints of the robot's keys, the present one first; `undefined` if they cannot be read. */
  readonly keys: readonly string[] | undefined;
  /** What the hub may do; `undefined` if it does not connect. */
  readonly access: HubAccess | undefined;
  readonly data: HubData;
  budget(): Promise<HubBudget>;
  /** Bytes that passed the socket since this start, by class. */
  traffic(): readonly ClassUse[];
  isConnected(): boolean;
  /** Connects to the hub and serves its requests with the routes of `app`. Does nothing if it cannot. */
  connect(app: Pick<FastifyInstance, 'routing'>): void;
  status(): Promise<Omit<UplinkStatus, 'hubs' | 'log'>>;
  warnings(): RuntimeHealth['warnings'];
  close(): Promise<void>;
}

/** Why the robot does not connect to this hub. */
interface Problem {
  readonly code: 'uplink_file_broken' | 'uplink_settings_invalid';
  readonly text: string;
}

interface Enrolled {
  readonly enrolment: Enrolment;
  readonly authorities: readonly string[] | undefined;
}

/** Opens one hub. If a file is broken, or the hub has no settings, logs it: the gateway runs without this hub. */
export async function gatewayHub(options: GatewayHubOptions): Promise<GatewayHub> {
  const { files, log, stored, settings: hub = HUB_DEFAULTS } = options;
  const { name, folder } = stored;
  const config = { ...options.config, hub };
  let enrolled: Enrolled | undefined;
  let keys: readonly string[] | undefined;
  let broken: Problem | undefined;
  try {
    const identities = await folder.identities();
    keys = identities.map(({ fingerprint }) => fingerprint);
    enrolled = await readEnrolled(options, identities[0], hub);
  } catch (error) {
    const text = errorMessage(error);
    const isFile = error instanceof UplinkFileBroken;
    broken = isFile ? { code: 'uplink_file_broken', text } : { code: 'uplink_settings_invalid', text };
    log('error', `this robot does not connect to its fleet hub: ${text}`);
  }
  const invited = stored.enrolment?.role;
  const permissions = hubPermissions(config, invited);
  const access = enrolled && hubAccess(config, name, invited);
  let connection: HubConnection | undefined;
  const url = hub.url || stored.enrolment?.url || '';
  const records = robotRecords({ ...options, config, name }, folder, options.facts);
  /** Fingerprint of the key of the last attempt to connect. */
  let usedKey = keys?.[0];
  const budget = await openDataBudget({
    ...options,
    folder: folder.path,
    limitBytes: hub.budget_mb_per_day * BYTES_PER_MB,
  });
  const bulk = await bulkGate({ ...options, hub });
  const budgetState = async (): Promise<HubBudget> => {
    const waits = bulk.waits(5);
    return {
      ...budget.state(),
      metered: await isMetered(hub, files),
      ...(waits !== undefined && { bulk_waits: waits }),
    };
  };

  return {
    name,
    // The log does not wait for a hub that has no settings, and is not connected.
    required: options.settings?.required ?? false,
    keys,
    access,
    data: { refusal: budget.refusal, bulk },
    budget: budgetState,
    traffic: budget.totals,
    isConnected: () => connection?.state().state === 'connected',
    connect: (app) => {
      if (!enrolled || !access) return;
      const { enrolment, authorities } = enrolled;
      connection = hubConnection({
        ...options,
        url: uplinkAddress(url),
        identities: () => folder.identities(),
        hubFingerprint: enrolment.hub_fingerprint,
        ...(authorities && { authorities }),
        record: (identity) => {
          usedKey = identity.fingerprint;
          return records(identity);
        },
        whenReady: options.uplinkLog.whenOpen,
        serve: uplinkServer(app, access),
        maxKbitPerSec: hub.max_kbit_s,
        budget: {
          count: budget.count,
          holdMs: (trafficClass) =>
            bulk.waits(trafficClass) === undefined ? budget.holdMs(trafficClass) : bulk.retrySec * 1000,
        },
      });
    },
    status: async () => ({
      ...stateOf(connection, broken, enrolled !== undefined),
      ...(stored.enrolment && {
        hub: { name, url, fingerprint: stored.enrolment.hub_fingerprint },
        robot: stored.enrolment.robot,
        tenant: stored.enrolment.tenant,
        ...(usedKey !== undefined && { fingerprint: usedKey }),
        enrolled_at: stored.enrolment.enrolled_at,
      }),
      role: hubRole(config, invited),
      permissions: [...permissions].sort(),
      budget: await budgetState(),
    }),
    warnings: () => warningsOf(connection, broken),
    close: async () => {
      bulk.close();
      await connection?.close();
      await budget.close();
    },
  };
}

function stateOf(open: HubConnection | undefined, broken: Problem | undefined, isEnrolled: boolean) {
  if (broken) return { state: 'broken' as const, problem: broken.text };
  if (!isEnrolled) return { state: 'not-enrolled' as const };
  const found = open?.state();
  if (!found || found.state === 'closed') return { state: 'closed' as const };
  const { lastEnd, nextMs, roundTripMs, hubOffsetMs, state, sinceMs } = found;
  const text = lastEnd && endText(lastEnd.end);
  return {
    state,
    since: isoTime(sinceMs),
    ...(nextMs !== undefined && { next_attempt: isoTime(nextMs) }),
    ...(roundTripMs !== undefined && { round_trip_ms: Math.round(roundTripMs) }),
    ...(hubOffsetMs !== undefined && { hub_clock_offset_ms: Math.round(hubOffsetMs) }),
    ...(lastEnd &&
      text && {
        last_end: {
          code: text.code,
          text: text.text,
          ...(text.remedy !== undefined && { remedy: text.remedy }),
          at: isoTime(lastEnd.atMs),
        },
      }),
  };
}

const isoTime = (ms: number): string => new Date(ms).toISOString();

/** Returns the enrolment with what a connection needs; `undefined` if there is none. Throws if it cannot be used. */
async function readEnrolled(
  { stored: { name, folder, enrolment, broken }, settings, files }: GatewayHubOptions,
  identity: Identity | undefined,
  hub: HubSettings,
): Promise<Enrolled | undefined> {
  if (broken !== undefined) throw new UplinkFileBroken(broken);
  if (!enrolment) return undefined;
  if (!identity) {
    throw new UplinkFileBroken(`${folder.path}/key.pem does not exist, but this robot is enrolled; ${folder.remedy}`);
  }
  if (!settings) {
    throw new Error(
      `the setting hub has no section for ${name}: add one with \`name: ${name}\`, or run \`medkit enrol --remove ${name}\``,
    );
  }
  await folder.ratchet();
  return { enrolment, authorities: await hubAuthorities(hub, files) };
}

/** Returns the certificates of `hub.ca_file`; `undefined` for the default ones. Throws if the file has none. */
export async function hubAuthorities(
  hub: Pick<HubSettings, 'ca_file'>,
  files: Pick<UplinkFiles, 'readText'>,
): Promise<readonly string[] | undefined> {
  if (hub.ca_file === '') return undefined;
  const text = await files.readText(resolve(hub.ca_file), { regularOnly: true });
  if (text?.includes('-----BEGIN CERTIFICATE-----')) return [text];
  throw new Error(`hub.ca_file: ${hub.ca_file} ${text === undefined ? 'does not exist' : 'has no certificate (PEM)'}`);
}

function warningsOf(connection: HubConnection | undefined, broken: Problem | undefined): RuntimeHealth['warnings'] {
  if (broken) return [{ code: broken.code, message: `${broken.text}.` }];
  const { lastEnd, state } = connection?.state() ?? {};
  if (!lastEnd || state === 'connected') return [];
  const { code, text, remedy, needsPerson } = endText(lastEnd.end);
  const advice = remedy === undefined ? '' : ` To fix it: ${remedy}.`;
  if (needsPerson) return [{ code: 'uplink_refused', message: `${text}; it tries again once a day.${advice}` }];
  return code === 'pending' ? [{ code: 'uplink_pending', message: `${text}.${advice}` }] : [];
}
