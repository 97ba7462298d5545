import { resolve } from 'node:path';
import type { UplinkStatus } from '@medkit/contract';
import type { Log, RuntimeHealth } from '@medkit/core';
import {
  type EnrolledHub,
  type HubCursor,
  type LogOwners,
  type StoredHub,
  storedHubs,
  type UplinkHead,
  uplinkFolder,
} from '@medkit/uplink';
import type { FastifyInstance } from 'fastify';
import type { KnownHub } from '../security/identify.ts';
import { type BudgetGuard, budgetGuard } from './budget-guard.ts';
import { type GatewayHub, type GatewayHubOptions, gatewayHub, type HubBudget } from './gateway-hub.ts';
import type { HelloFacts } from './handshake-record.ts';
import { hubSettings } from './hub-access.ts';

export type GatewayHubsOptions = Omit<GatewayHubOptions, 'facts' | 'presentKeys' | 'settings' | 'stored'>;

/** The fleet hubs of a gateway: each has its key, connection, access and budget, and reads the same log. */
export interface GatewayHubs {
  /** The hubs at which this robot is enrolled, the first one first. */
  readonly list: readonly GatewayHub[];
  /** Keys of the robot; `undefined` if one cannot be read. */
  readonly owners: LogOwners | undefined;
  /** Readers of the log; `undefined` if an enrolment cannot be read. */
  readonly enrolled: readonly EnrolledHub[] | undefined;
  readonly access: KnownHub;
  /** Checks the data budget of the hub that sends a request. */
  readonly admit: BudgetGuard;
  /** Returns the data budget of a hub; that of the first one if it is not enrolled. */
  budget(hub?: string): Promise<HubBudget>;
  /** Provides what the first message says about the robot; until then, no active fault. */
  useFacts(facts: () => Promise<HelloFacts>): void;
  /** Connects to the hubs and serves their requests with the routes of `app`. */
  connect(app: Pick<FastifyInstance, 'routing'>): void;
  /** @param hub the hub whose members come first; the first hub unless it is enrolled */
  status(hub?: string): Promise<UplinkStatus>;
  warnings(): RuntimeHealth['warnings'];
  close(): Promise<void>;
}

/**
 * Reads the enrolments of this robot. If a file is broken, logs it: the gateway runs without that hub. A robot that is not
 * enrolled has one hub without a name, which shows what a hub could do.
 */
export async function gatewayHubs(options: GatewayHubsOptions): Promise<GatewayHubs> {
  const { config, files } = options;
  const dataFolder = resolve(config.data_dir);
  const stored = await storedHubs(dataFolder, files);
  const none: StoredHub = { name: '', folder: uplinkFolder(dataFolder, files) };
  let facts = async (): Promise<HelloFacts> => ({ critical: 0, error: 0 });
  const all: GatewayHub[] = [];
  for (const [index, each] of (stored.length > 0 ? stored : [none]).entries()) {
    const settings = hubSettings(config, { ...each, isFirst: index === 0 });
    const log: Log = (level, text) => options.log(level, labelled(each.name, text));
    all.push(await gatewayHub({ ...options, log, stored: each, settings, facts: () => facts(), presentKeys }));
  }
  const list = all.slice(0, stored.length);
  const [first] = all;
  /** Adds the name of the hub to a text of a robot with two hubs. */
  function labelled(name: string, text: string): string {
    return stored.length > 1 ? `${name}: ${text}` : text;
  }
  const named = (name: string) => all.find((hub) => hub.name === name);

  async function presentKeys(): Promise<readonly string[]> {
    // The key of another hub that cannot be read is no problem of this one.
    const keys = await Promise.all(stored.map(({ folder }) => folder.identities().catch(() => [])));
    return keys.flatMap(([present]) => (present ? [present.fingerprint] : []));
  }

  async function status(hub = ''): Promise<UplinkStatus> {
    const log = options.uplinkLog.log();
    const known = log && { head: await log.head(), cursors: await log.cursors() };
    return {
      ...(await (named(hub) ?? first!).status()),
      ...(known && { log: logStatus(known) }),
      hubs: await Promise.all(
        list.map(async (each) => ({
          ...(await each.status()),
          required: each.required,
          ...(known && { waiting: waitingFor(each.name, known) }),
        })),
      ),
    };
  }

  return {
    list,
    owners: all.every(({ keys }) => keys)
      ? { present: all.flatMap(({ keys }) => keys!.slice(0, 1)), previous: all.flatMap(({ keys }) => keys!.slice(1)) }
      : undefined,
    enrolled: stored.some(({ broken }) => broken !== undefined) ? undefined : list,
    access: {
      identityOf: (connection) => firstOf(list, (hub) => hub.access?.identityOf(connection)),
      principalOf: (credential) => firstOf(list, (hub) => hub.access?.principalOf(credential)),
    },
    admit: budgetGuard((name) => named(name)?.data),
    budget: (name = '') => (named(name) ?? first!).budget(),
    useFacts: (source) => {
      facts = source;
    },
    connect: (app) => {
      for (const hub of list) hub.connect(app);
    },
    status,
    warnings: () =>
      list.flatMap((hub) =>
        hub.warnings().map((warning) => ({ ...warning, message: labelled(hub.name, warning.message) })),
      ),
    close: async () => void (await Promise.all(all.map((hub) => hub.close()))),
  };
}

/** Returns the first result that is not `undefined`. */
function firstOf<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

interface LogPosition {
  readonly head: UplinkHead;
  readonly cursors: readonly HubCursor[];
}

/** Returns the end of the log, what waits for the slowest reader, and the cursors. */
function logStatus({ head: { log: id, newest, removed }, cursors }: LogPosition): UplinkStatus['log'] {
  const waiting = cursors.length === 0 ? newest - removed : newest - Math.min(newest, ...cursors.map(({ seq }) => seq));
  return { id, newest, waiting, hubs: [...cursors] };
}

/** Returns how many records a hub has not committed; all that are left if it has committed none. */
const waitingFor = (name: string, { head: { newest, removed }, cursors }: LogPosition): number =>
  newest - Math.max(removed, cursors.find(({ hub }) => hub === name)?.seq ?? 0);
