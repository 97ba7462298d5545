import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { UplinkState } from '@medkit/contract';
import { seededRandom } from '@medkit/edges';
import { systemClock, systemRandom } from '@medkit/edges/node';
import { MemoryFiles } from '@medkit/edges/testing';
import { memoryStore } from '@medkit/store';
import {
  enrolUplink,
  identityFrom,
  newIdentityKey,
  type RobotRecord,
  readInvitation,
  uplinkAddress,
} from '@medkit/tunnel';
import {
  faultClass,
  openDataBudget,
  openUplinkLog,
  RECORD_CLASSES,
  UPLINK_TABLES,
  type UplinkLog,
} from '@medkit/uplink';
import { type HubConnection, hubConnection } from '../../../packages/gateway/src/uplink/hub-connection.ts';
import { uplinkLines } from '../../../packages/gateway/src/uplink/uplink-lines.ts';
import { CANNED_REPLIES } from './canned-replies.ts';

/** Faults of one robot: each is confirmed and cleared in turn. */
const FAULTS = 20;
const SEVERITY = 2;
const MEDKIT = '0.3.0';
const API = '/api/v1';
/** The name of the hub on each robot. */
const HUB = 'hub';

/** What a robot has recorded, and what the hub has acknowledged. */
export interface RobotReport {
  readonly name: string;
  readonly log: string;
  readonly newest: number;
  /** Hash of the newest record. */
  readonly hash: string;
  /** Number of the last record that the hub has acknowledged. */
  readonly acknowledged: number;
  /** Events that were written to the log. */
  readonly events: number;
  readonly active: readonly string[];
  readonly state: string;
}

/** A request to the API of a robot that no canned body answers. */
export interface SimulatedRequest {
  readonly method: string;
  /** Below the API. */
  readonly path: string;
  readonly key: string | undefined;
  /** The part of an archive that the body has. */
  readonly contentRange: string | undefined;
  readonly body: string;
}

/** Answers requests; `undefined` for those with a canned body. */
export type SimulatedApi = (
  request: SimulatedRequest,
) => Promise<{ readonly status: number; readonly body: object } | undefined>;

export interface SimulatedRobot {
  /** Dials the hub, and again after each end. */
  connect(): void;
  /** Writes the next event to the log; it names the phase of the scene. */
  addEvent(phase: string): Promise<void>;
  /** Confirms or clears a fault. */
  setFault(code: string, isActive: boolean): Promise<void>;
  /** Installs software: states it in the log, and connects again with it. */
  install(software: string): Promise<void>;
  /** Ends the connection until `connect`. */
  disconnect(): Promise<void>;
  report(): Promise<RobotReport>;
  close(): Promise<void>;
}

/** Opens a robot with a real uplink log in memory, and enrols it with an invitation. `authorities` are those of a hub with TLS. */
export async function simulatedRobot(
  link: string,
  serial: string,
  seed: number,
  api?: SimulatedApi,
  authorities?: readonly string[],
): Promise<SimulatedRobot> {
  const store = memoryStore({ clock: systemClock, migrations: UPLINK_TABLES });
  const random = seededRandom(seed);
  const warn = (level: string, text: string): void => void (level === 'error' && process.stderr.write(`${text}\n`));
  const log = await openUplinkLog({ store, clock: systemClock, random, maxBytes: 2 ** 26, log: warn });
  const identity = identityFrom(newIdentityKey());
  const { url, code, hubFingerprint } = readInvitation(link);
  const address = {
    ...{ url: uplinkAddress(url), identity, hubFingerprint, clock: systemClock },
    ...(authorities && { authorities }),
  };
  const { robot: name } = await enrolUplink({
    ...address,
    request: { enrol: code, machine: { serial } },
    store: async () => undefined,
  });
  const active = new Set<string>();
  const stored = robotRecord(log, () => software);
  const files = new MemoryFiles();
  const budget = await openDataBudget({ folder: '/uplink', files, clock: systemClock, limitBytes: 0, log: warn });
  const record = () => stored;
  const server = createServer((request, response) => {
    serve({ request, response, log, active, api }).catch(() => response.destroy());
  });
  const accept = (connection: object): void => void server.emit('connection', connection);
  let connection: HubConnection | undefined;
  let [events, software] = [0, undefined as string | undefined];
  const write = async (code: string, isActive: boolean, phase: string): Promise<void> => {
    events += 1;
    const body = faultEvent(name, code, isActive ? 'fault_confirmed' : 'fault_cleared', events, phase);
    await log.append([{ kind: 'fault', class: faultClass(SEVERITY), key: `fault ${code}`, body }]);
    if (isActive) active.add(code);
    else active.delete(code);
  };
  const connect = (): void => {
    connection = hubConnection({
      ...address,
      identities: async () => [identity],
      record,
      budget,
      whenReady: async () => undefined,
      serve: { uplink: accept, gateway: accept, files: accept },
      maxKbitPerSec: 0,
      addresses: () => '',
      random: systemRandom,
      log: warn,
    });
  };
  return {
    connect,
    addEvent: (phase) => write(`CODE_${events % FAULTS}`, Math.floor(events / FAULTS) % 2 === 0, phase),
    setFault: (code, isActive) => write(code, isActive, ''),
    install: async (version) => {
      software = version;
      const body = JSON.stringify({ medkit: MEDKIT, software });
      await log.append([{ kind: 'inventory', class: RECORD_CLASSES.inventory, body }]);
      if (!connection) return;
      await connection.close();
      connect();
    },
    disconnect: async () => {
      await connection?.close();
      connection = undefined;
    },
    report: async () => {
      const { log: id, newest, hash } = await log.head(HUB);
      const [cursor] = await log.cursors();
      return {
        ...{ name, log: id, newest, hash, events, active: [...active].sort() },
        acknowledged: cursor?.seq ?? 0,
        state: connection?.state().state ?? 'closed',
      };
    },
    close: async () => {
      await connection?.close();
      await budget.close();
      await log.close();
    },
  };
}

/** The body of a record as the gateway writes it: 0.6 kB. */
function faultEvent(robot: string, code: string, type: string, number: number, phase: string): string {
  const fault = {
    ...{
      fault_code: code,
      severity: SEVERITY,
      severity_label: 'ERROR',
      status: 'CONFIRMED',
      entity_id: 'motor_driver',
    },
    description: 'The temperature of the motor is above the limit of the drive.',
    reporting_sources: Array(8).fill('/base/motor_driver/left_front'),
  };
  return JSON.stringify({ event_type: type, fault, timestamp: 1_800_000_000 + number, robot, number, phase });
}

/** What the handshake reads and stores. */
function robotRecord(log: UplinkLog, softwareNow: () => string | undefined): RobotRecord {
  let ratchet: string | undefined;
  return {
    hello: async () => {
      const head = await log.head(HUB);
      const software = softwareNow();
      return {
        ...(ratchet !== undefined && { ratchet }),
        boot: log.boot,
        log: { id: head.log, oldest: 1, newest: head.newest },
        versions: { medkit: MEDKIT, ...(software !== undefined && { software }) },
        link: { metered: false, keepalive_sec: 30 },
        active: { critical: 0, error: 0 },
      };
    },
    monotonicMs: () => log.now().monoMs,
    accept: async ({ next, cursor }) => {
      ratchet = next;
      return { wentBack: !(await log.continueFrom(HUB, cursor)) };
    },
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly log: UplinkLog;
  readonly active: ReadonlySet<string>;
  readonly api: SimulatedApi | undefined;
}

/** Answers the routes of the uplink log, and others with canned bodies. */
async function serve({ request, response, log, active, api }: Exchange): Promise<void> {
  const url = new URL(request.url ?? '', 'http://robot');
  switch (url.pathname) {
    case `${API}/x-medkit-uplink/state`:
      return void response.end(JSON.stringify(await stateOf(log, active)));
    case `${API}/x-medkit-uplink/log`: {
      const after = Number(url.searchParams.get('after'));
      const ended = new AbortController();
      response.once('close', () => ended.abort());
      const waitMs = 1000 * Number(url.searchParams.get('wait_sec'));
      const options = { after, limit: 1000, maxChars: 512 * 1024, waitMs };
      for await (const lines of uplinkLines({ log, request: options, clock: systemClock, signal: ended.signal })) {
        if (!response.write(lines)) await drained(response, ended.signal);
      }
      return void response.end();
    }
    case `${API}/x-medkit-uplink/cursor`: {
      const { log: id, seq } = JSON.parse(await textOf(request));
      const outcome = await log.setCursor(id, { hub: HUB, seq });
      return void response.writeHead(outcome === 'stored' ? 204 : 409).end();
    }
  }
  const path = url.pathname.slice(API.length);
  if (api) {
    const { 'idempotency-key': key, 'content-range': contentRange } = request.headers;
    const answer = await api({
      ...{ method: request.method ?? '', path, contentRange },
      key: key === undefined ? undefined : String(key),
      body: await textOf(request),
    });
    if (answer) {
      const json = { 'content-type': 'application/json' };
      return void response.writeHead(answer.status, json).end(JSON.stringify(answer.body));
    }
  }
  const body = CANNED_REPLIES.get(path);
  response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' }).end(body ?? '{}');
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

async function stateOf(log: UplinkLog, active: ReadonlySet<string>): Promise<UplinkState> {
  const { log: id, newest, hash, removed } = await log.head(HUB);
  const { atMs, boot, monoMs } = log.now();
  return {
    ...{ log: id, newest, hash, removed, boot, at_ms: Math.floor(atMs), mono_ms: Math.floor(monoMs), tree_etag: 'e' },
    faults: [...active].map((code) => ({ fault_code: code, severity: SEVERITY, status: 'CONFIRMED' })),
    ...{ more_faults: 0, hubs: [] },
  };
}

/** Waits until the hub has taken what was sent, or the reply has ended. */
async function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  await once(response, 'drain', { signal }).catch(() => undefined);
}
