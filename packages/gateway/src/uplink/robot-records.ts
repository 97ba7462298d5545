import { VERSION } from '@medkit/contract';
import type { Clock, Files } from '@medkit/edges';
import { type NewRecord, RECORD_CLASSES } from '@medkit/uplink';
import type { RouteReader } from '../route-reader.ts';
import { machineFacts } from './machine-facts.ts';

/** Interval in which the warnings of `/health` are compared. */
const HEALTH_MS = 60_000;
/** Maximum length of a version in the first message to the hub. */
const MAX_VERSION_CHARS = 128;

export interface RobotRecordsOptions {
  readonly routes: Pick<RouteReader, 'read'>;
  readonly files: Pick<Files, 'readText'>;
  readonly clock: Pick<Clock, 'every'>;
  readonly machineName: string;
  /** Setting `hub.serial`. */
  readonly serial: string;
  /** Names of the configured plugins. */
  readonly plugins: readonly string[];
  /** Setting `hub.queueable`. */
  readonly queueable: readonly string[];
  readonly record: (entry: NewRecord) => void;
}

/**
 * Records the inventory of the robot now and when its software changes, and the warnings of `/health` now and when their
 * set changes. Returns a function that stops it.
 */
export function recordRobot({ routes, files, clock, record, ...facts }: RobotRecordsOptions): () => void {
  let known: string | undefined;
  let software: string | undefined;
  const recordInventory = async (): Promise<void> => {
    const { machineName: name, serial, plugins, queueable } = facts;
    const machine = await machineFacts(files, {
      name,
      serial,
      medkit: VERSION,
      ...(software !== undefined && { software }),
    });
    const body = JSON.stringify({ ...machine, plugins, ...(queueable.length > 0 && { queueable }) });
    record({ kind: 'inventory', class: RECORD_CLASSES.inventory, key: 'inventory', body });
  };
  const compare = async (): Promise<void> => {
    const health = await routes.read('getHealth');
    const { warnings } = health;
    const release = releaseIn(health);
    if (release !== software) {
      software = release;
      await recordInventory();
    }
    const codes = [...new Set(warnings.map(({ code }) => code))].sort();
    const subjects = codes.join(' ');
    if (subjects === known) return;
    known = subjects;
    const current = codes.map((code) => {
      const { severity, since } = warnings.find((warning) => warning.code === code) ?? {};
      return { code, ...(severity != null && { severity }), ...(since != null && { since }) };
    });
    const body = JSON.stringify({ warnings: current });
    record({ kind: 'health', class: RECORD_CLASSES.health, key: 'health', body });
  };
  const look = (): void => {
    // A gateway that stops has no health; the next start records it.
    compare().catch(() => undefined);
  };
  void recordInventory();
  look();
  const timer = clock.every(HEALTH_MS, look);
  return () => timer.cancel();
}

/** Returns the software release in use that `/health` names; `undefined` if medkit installed none. */
export function releaseIn(health: object): string | undefined {
  const { 'x-medkit-updates': updates } = health as Readonly<Record<string, unknown>>;
  const { in_use: release } = Object(updates) as Readonly<Record<string, unknown>>;
  return typeof release === 'string' && release !== '' ? release.slice(0, MAX_VERSION_CHARS) : undefined;
}
