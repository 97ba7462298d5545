import { resolve } from 'node:path';
import type { UplinkStatus } from '@medkit/contract';
import { errorMessage, type Log, type RuntimeHealth } from '@medkit/core';
import type { Clock, Random } from '@medkit/edges';
import { type Identity, uplinkAddress } from '@medkit/tunnel';
import {
  type BudgetState,
  type ClassUse,
  type Enrolment,
  hubName,
  openDataBudget,
  UplinkFileBroken,
  type UplinkFiles,
  type UplinkFolder,
  type UplinkLog,
  uplinkFolder,
} from '@medkit/uplink';
import type { FastifyInstance } from 'fastify';
import type { GatewayConfig } from '../config/index.ts';
import { type BudgetGuard, budgetGuard } from './budget-guard.ts';
import { endText } from './end-text.ts';
import { type HelloFacts, robotRecords, type UplinkLogSource } from './handshake-record.ts';
import { type HubAccess, hubAccess, hubPermissions, hubRole } from './hub-access.ts';
import { type HubConnection, hubConnection } from './hub-connection.ts';
import { isMetered } from './metered-link.ts';
import { uplinkServer } from './uplink-server.ts';

/** Unit of `hub.budget_mb_per_day`. */
const BYTES_PER_MB = 1_000_000;

export interface GatewayHubOptions {
  readonly config: Pick<GatewayConfig, 'auth' | 'data_dir' | 'hub' | 'roles'>;
  readonly files: UplinkFiles;
  readonly clock: Clock;
  readonly random: Random;
  readonly uplinkLog: UplinkLogSource;
  /** Addresses of the machine as one text: a change checks the connection. */
  readonly addresses: () => string;
  readonly log: Log;
}

/** The fleet hub of a gateway: the enrolment of this robot, and the connection. */
export interface GatewayHub {
  /** Fingerprints of the robot's keys, the present one first; `undefined` if they cannot be read. */
  readonly fingerprints: readonly string[] | undefined;
  /** What the hub may do; `undefined` if this robot is not enrolled. */
  readonly access: HubAccess | undefined;
  /** Checks the data budget for a request of the hub. */
  readonly admit: BudgetGuard;
  /** The data budget of this day. */
  budget(): Promise<BudgetState & { readonly metered: boolean }>;
  /** Bytes that passed the socket since this start, by class. */
  traffic(): readonly ClassUse[];
  /** Provides what the first message says about the robot; until then, no active fault. */
  useFacts(facts: () => Promise<HelloFacts>): void;
  /** Connects to the hub and serves its requests with the routes of `app`. Does nothing if it cannot. */
  connect(app: Pick<FastifyInstance, 'routing'>): void;
  status(): Promise<UplinkStatus>;
  warnings(): RuntimeHealth['warnings'];
  close(): Promise<void>;
}

interface Enrolled {
  readonly enrolment: Enrolment;
  readonly authorities: readonly string[] | undefined;
}

/** Reads the enrolment of this robot. If a file is broken, logs it: the gateway runs without the hub. */
export async function gatewayHub(options: GatewayHubOptions): Promise<GatewayHub> {
  const { config, files, log } = options;
  const folder = uplinkFolder(resolve(config.data_dir), files);
  let enrolled: Enrolled | undefined;
  let fingerprints: readonly string[] | undefined;
  let broken: string | undefined;
  try {
    const identities = await folder.identities();
    fingerprints = identities.map(({ fingerprint }) => fingerprint);
    enrolled = await readEnrolled(folder, identities[0], options);
  } catch (error) {
    broken = errorMessage(error);
    log('error', `this robot does not connect to its fleet hub: ${broken}`);
  }
  const invited = enrolled?.enrolment.role;
  const permissions = hubPermissions(config, invited);
  const access = enrolled && hubAccess(config, hubName(enrolled.enrolment), invited);
  let facts = async (): Promise<HelloFacts> => ({ critical: 0, error: 0 });
  let connection: HubConnection | undefined;
  const url = config.hub.url || enrolled?.enrolment.url || '';
  const records = robotRecords(options, folder, () => facts());
  /** Fingerprint of the key of the last attempt to connect. */
  let usedKey = fingerprints?.[0];
  const budget = await openDataBudget({
    ...options,
    folder: folder.path,
    limitBytes: config.hub.budget_mb_per_day * BYTES_PER_MB,
  });
  const budgetState = async () => ({ ...budget.state(), metered: await isMetered(config.hub, files) });

  return {
    fingerprints,
    access,
    admit: budgetGuard(budget),
    budget: budgetState,
    traffic: budget.totals,
    useFacts: (source) => {
      facts = source;
    },
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
        maxKbitPerSec: config.hub.max_kbit_s,
        budget,
      });
    },
    status: async () => ({
      ...stateOf(connection, broken),
      ...(enrolled && {
        hub: { name: hubName(enrolled.enrolment), url, fingerprint: enrolled.enrolment.hub_fingerprint },
        robot: enrolled.enrolment.robot,
        tenant: enrolled.enrolment.tenant,
        ...(usedKey !== undefined && { fingerprint: usedKey }),
        enrolled_at: enrolled.enrolment.enrolled_at,
      }),
      role: hubRole(config, invited),
      permissions: [...permissions].sort(),
      budget: await budgetState(),
      ...(await logStatus(options.uplinkLog.log())),
    }),
    warnings: () => warningsOf(connection, broken),
    close: async () => {
      await connection?.close();
      await budget.close();
    },
  };

  async function logStatus(uplinkLog: UplinkLog | undefined): Promise<Pick<UplinkStatus, 'log'>> {
    if (!uplinkLog) return {};
    const [head, cursors] = [await uplinkLog.head(), await uplinkLog.cursors()];
    const unread = head.newest - Math.min(head.newest, ...cursors.map(({ seq }) => seq));
    const waiting = cursors.length === 0 ? head.newest - head.removed : unread;
    return { log: { id: head.log, newest: head.newest, waiting, hubs: [...cursors] } };
  }

  function stateOf(open: HubConnection | undefined, problem: string | undefined) {
    if (problem !== undefined) return { state: 'broken' as const, problem };
    if (!enrolled) return { state: 'not-enrolled' as const };
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

  function isoTime(ms: number): string {
    return new Date(ms).toISOString();
  }
}

async function readEnrolled(
  folder: UplinkFolder,
  identity: Identity | undefined,
  { config, files }: Pick<GatewayHubOptions, 'config' | 'files'>,
): Promise<Enrolled | undefined> {
  const enrolment = await folder.enrolment();
  if (!enrolment) return undefined;
  if (!identity) {
    const remedy = 'restore it from a backup, or run `medkit enrol --seal` and enrol with a new invitation';
    throw new UplinkFileBroken(`${folder.path}/key.pem does not exist, but this robot is enrolled; ${remedy}`);
  }
  await folder.ratchet();
  return { enrolment, authorities: await hubAuthorities(config, files) };
}

/** Returns the certificates of `hub.ca_file`; `undefined` for the default ones. Throws if the file has none. */
export async function hubAuthorities(
  { hub }: Pick<GatewayConfig, 'hub'>,
  files: Pick<UplinkFiles, 'readText'>,
): Promise<readonly string[] | undefined> {
  if (hub.ca_file === '') return undefined;
  const text = await files.readText(resolve(hub.ca_file), { regularOnly: true });
  if (text?.includes('-----BEGIN CERTIFICATE-----')) return [text];
  throw new Error(`hub.ca_file: ${hub.ca_file} ${text === undefined ? 'does not exist' : 'has no certificate (PEM)'}`);
}

function warningsOf(connection: HubConnection | undefined, broken: string | undefined): RuntimeHealth['warnings'] {
  if (broken !== undefined) return [{ code: 'uplink_file_broken', message: `${broken}.` }];
  const { lastEnd, state } = connection?.state() ?? {};
  if (!lastEnd || state === 'connected') return [];
  const { code, text, remedy, needsPerson } = endText(lastEnd.end);
  const advice = remedy === undefined ? '' : ` To fix it: ${remedy}.`;
  if (needsPerson) return [{ code: 'uplink_refused', message: `${text}; it tries again once a day.${advice}` }];
  return code === 'pending' ? [{ code: 'uplink_pending', message: `${text}.${advice}` }] : [];
}
