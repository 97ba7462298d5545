import { join } from 'node:path';
import type { UplinkBudget } from '@medkit/contract';
import { errorMessage, type Log } from '@medkit/core';
import type { Clock, Files, WritableFiles } from '@medkit/edges';
import type { Traffic } from '@medkit/tunnel';
import { type BudgetDay, dayNow, emptyDay, localDay, nextDayMs, parseDay } from './budget-day.ts';
import { TRAFFIC_CLASSES, type TrafficClass } from './traffic-class.ts';

/**
 * Bytes on the network for each byte of the socket: headers of TCP and IP, acknowledgements, and the outer TLS. For
 * files, about 1.06 by their sizes, and 1.09 as measured with a loss of 2 % (test/fleet/netem.test.ts).
 */
const ON_THE_NETWORK = 1.07;
/** Bytes after which the count is stored, and the time after which a smaller number is: what a killed process loses. */
const SAVE_BYTES = 262_144;
const SAVE_MS = 60_000;
/** Share of the daily budget up to which data of a class is sent. State and log are always sent. */
const SHARES: Readonly<Record<TrafficClass, number>> = { 0: Infinity, 1: Infinity, 2: 1.2, 3: 1, 4: 1, 5: 1 };
/** Classes that wait for the next day during a transfer; a reply to a person is completed. */
const WAITING: readonly number[] = [4, 5];
/** Interval in which held data checks the budget again. */
const HOLD_MS = 10_000;

/** Bytes of one class. */
export type ClassUse = UplinkBudget['classes'][number];

/** The budget of this day, bytes on the network. */
export type BudgetState = Omit<UplinkBudget, 'bulk_waits' | 'metered'>;

/** Why a request has to wait. */
export interface BudgetRefusal {
  readonly limit_bytes: number;
  readonly used_bytes: number;
  readonly left_bytes: number;
  readonly renews: string;
  /** Seconds until then. */
  readonly retry_after: number;
}

/** The data budget of an uplink. */
export interface DataBudget {
  /** Counts bytes of the socket. */
  count(traffic: Traffic): void;
  /** Returns why a request of this class is refused now; `undefined` if it is not. */
  refusal(trafficClass: TrafficClass): BudgetRefusal | undefined;
  /** Returns for how many milliseconds at least running bulk data of this class waits; 0 if it goes on. */
  holdMs(trafficClass: number): number;
  state(): BudgetState;
  /** Bytes of the socket since this process started, by class. */
  totals(): readonly ClassUse[];
  /** Stores the count. */
  close(): Promise<void>;
}

export interface DataBudgetOptions {
  /** Folder of the uplink. */
  readonly folder: string;
  readonly files: Pick<Files, 'readText'> & Pick<WritableFiles, 'replaceText'>;
  readonly clock: Clock;
  /** Setting `hub.budget_mb_per_day`, bytes; 0 for no limit. */
  readonly limitBytes: number;
  readonly log: Log;
}

/**
 * Opens the data budget with the count of this day from the file `traffic.json`. A process that is killed loses at most
 * 256 KiB and one second of traffic, or one minute of less. If the file cannot be used, logs it and begins with 0.
 */
export async function openDataBudget(options: DataBudgetOptions): Promise<DataBudget> {
  const { folder, files, clock, limitBytes, log } = options;
  const file = join(folder, 'traffic.json');
  let day = dayNow(await storedDay(file, options), clock.wallMs(), true);
  const totals = { sent: TRAFFIC_CLASSES.map(() => 0), received: TRAFFIC_CLASSES.map(() => 0) };
  let unsaved = 0;
  let saving: Promise<void> = Promise.resolve();

  const today = (): BudgetDay => {
    day = dayNow(day, clock.wallMs());
    return day;
  };
  const save = (): Promise<void> => {
    if (unsaved === 0) return saving;
    unsaved = 0;
    const text = `${JSON.stringify(day)}\n`;
    saving = saving
      .then(() => files.replaceText(file, text))
      .catch((error: unknown) => log('error', `cannot store the traffic of the uplink: ${errorMessage(error)}`));
    return saving;
  };
  const timer = clock.every(SAVE_MS, () => void save());
  const used = (): number => {
    const { sent, received } = today();
    return onNetwork(sum(sent) + sum(received));
  };
  const renewal = () => {
    const nowMs = clock.wallMs();
    const nextMs = nextDayMs(nowMs);
    return { renews: new Date(nextMs).toISOString(), retry_after: Math.max(1, Math.ceil((nextMs - nowMs) / 1000)) };
  };
  const refusal = (trafficClass: TrafficClass): BudgetRefusal | undefined => {
    const used_bytes = used();
    if (limitBytes === 0 || used_bytes < limitBytes * SHARES[trafficClass]) return undefined;
    return { limit_bytes: limitBytes, used_bytes, left_bytes: Math.max(0, limitBytes - used_bytes), ...renewal() };
  };
  return {
    count: ({ trafficClass, direction, bytes }) => {
      const counted = today();
      const added = (counts: readonly number[]) =>
        counts.map((count, at) => (at === trafficClass ? count + bytes : count));
      day = { ...counted, [direction]: added(counted[direction]) };
      totals[direction][trafficClass]! += bytes;
      unsaved += bytes;
      if (unsaved >= SAVE_BYTES) void save();
    },
    refusal,
    holdMs: (trafficClass) => (WAITING.includes(trafficClass) && refusal(trafficClass as TrafficClass) ? HOLD_MS : 0),
    state: () => {
      const used_bytes = used();
      const { sent, received } = day;
      const [sentBytes, receivedBytes] = [sent.map(onNetwork), received.map(onNetwork)];
      return {
        day: day.day,
        renews: renewal().renews,
        used_bytes,
        ...(limitBytes > 0 && { limit_bytes: limitBytes, left_bytes: Math.max(0, limitBytes - used_bytes) }),
        classes: classUse(sentBytes, receivedBytes),
      };
    },
    totals: () => classUse(totals.sent, totals.received),
    close: async () => {
      timer.cancel();
      await save();
    },
  };
}

async function storedDay(file: string, { files, clock, log }: DataBudgetOptions): Promise<BudgetDay> {
  const none = emptyDay(localDay(clock.wallMs()));
  const text = await files.readText(file, { regularOnly: true });
  if (text === undefined) return none;
  const day = parseDay(text);
  if (!day) log('warn', `${file} has no count of the traffic: the data budget of this day begins with 0`);
  return day ?? none;
}

const classUse = (sent: readonly number[], received: readonly number[]): ClassUse[] =>
  TRAFFIC_CLASSES.map((each) => ({ class: each, sent_bytes: sent[each] ?? 0, received_bytes: received[each] ?? 0 }));

const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0);
const onNetwork = (bytes: number): number => Math.round(bytes * ON_THE_NETWORK);
