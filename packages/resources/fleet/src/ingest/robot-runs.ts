import { HOUR_MS } from '../fleet-context.ts';
import type { LogRecord } from './log-lines.ts';

/** Software of a robot; `undefined` if unknown. */
export interface Software {
  readonly medkit: string | undefined;
  readonly version: string | undefined;
}

/** What the hub knows of the present start of a robot from its log. */
export interface RobotRun extends Software {
  readonly boot: number;
  /** Until when the running time is added, milliseconds since 1970. */
  readonly ranMs: number;
}

/** A record with its corrected time. */
export interface TimedRecord {
  readonly record: LogRecord;
  readonly atMs: number;
}

export interface FollowedRuns {
  /** Software at each record. */
  readonly software: readonly Software[];
  /** Running time to add; none if it is short and the log states nothing new about the robot. */
  readonly hours: readonly { readonly hour: number; readonly version: string | undefined; readonly ms: number }[];
  /** What to store; `undefined` if nothing changes. */
  readonly run: RobotRun | undefined;
}

/** Running time that may wait: a robot that is killed loses as much. Robots also write a mark each hour. */
const LEAST_RUN_MS = 600_000;
/** Running time that one record adds at most: a wrong clock would fill the table. */
const MAX_RUN_MS = 31 * 24 * HOUR_MS;
const MAX_VERSION_CHARS = 128;

/**
 * Follows starts and software of a robot over consecutive records. A start states its software in a record of kind
 * `inventory`, which may follow a fault of the same start. Running time is the time for which medkit ran.
 */
export function followRuns(records: readonly TimedRecord[], known: RobotRun | undefined): FollowedRuns {
  const hours = new Map<string, { hour: number; version: string | undefined; ms: number }>();
  const software: Software[] = [];
  let run = known;
  let isNews = false;
  let last: TimedRecord | undefined;
  const add = ({ record, atMs }: TimedRecord, version: string | undefined): void => {
    const from = Math.max(run?.ranMs ?? 0, atMs - record.monoMs, atMs - MAX_RUN_MS);
    for (let start = from; start < atMs; ) {
      const hour = Math.floor(start / HOUR_MS);
      const end = Math.min(atMs, (hour + 1) * HOUR_MS);
      const key = `${hour} ${version ?? ''}`;
      const sum = hours.get(key) ?? { hour, version, ms: 0 };
      hours.set(key, { ...sum, ms: sum.ms + end - start });
      start = end;
    }
    if (run) run = { ...run, ranMs: Math.max(run.ranMs, atMs) };
  };
  for (const [index, timed] of records.entries()) {
    const { record, atMs } = timed;
    if (record.kind !== 'hole') {
      const isNewBoot = run?.boot !== record.boot;
      if (isNewBoot || record.kind === 'inventory') {
        // The time before belongs to the software before.
        if (last && !isNewBoot) add(timed, run?.version);
        else if (last) add(last, run?.version);
        const stated = softwareIn(isNewBoot ? inventoryFrom(records, index, record.boot) : record);
        const version = stated.version ?? (isNewBoot ? undefined : run?.version);
        run = {
          boot: record.boot,
          medkit: stated.medkit,
          version,
          ranMs: run?.ranMs ?? Math.max(0, atMs - record.monoMs),
        };
        isNews = true;
      }
      last = timed;
    }
    software.push({ medkit: run?.medkit, version: run?.version });
  }
  if (!last || !run || (!isNews && last.atMs - run.ranMs < LEAST_RUN_MS))
    return { software, hours: [], run: undefined };
  add(last, run.version);
  return { software, hours: [...hours.values()], run };
}

/** Returns the first inventory of a start that states its software, else the first one: medkit may know it later. */
function inventoryFrom(records: readonly TimedRecord[], index: number, boot: number): LogRecord | undefined {
  const stated = records
    .slice(index)
    .flatMap(({ record }) => (record.kind === 'inventory' && record.boot === boot ? [record] : []));
  return stated.find((record) => softwareIn(record).version !== undefined) ?? stated[0];
}

function softwareIn(inventory: LogRecord | undefined): Software {
  const { medkit, software } = Object(inventory?.body) as Readonly<Record<string, unknown>>;
  return { medkit: versionText(medkit), version: versionText(software) };
}

const versionText = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value.slice(0, MAX_VERSION_CHARS).toWellFormed() : undefined;
