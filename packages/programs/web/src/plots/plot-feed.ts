import { GatewayRefused } from '@medkit/client';
import type { DataHistory } from '@medkit/contract';
import type { Sample } from '../charts/chart-series.ts';
import { gateway } from '../gateway/gateway.ts';
import { type WatchedValue, watchValue } from '../live/live-stream.ts';
import { reportedUnit, unitByName, unitOfMember } from '../values/data-units.ts';
import { type Measured, numberOf } from './numeric-fields.ts';
import { SampleRing } from './sample-ring.ts';
import { readSeriesKey, type SeriesKey, type SeriesKeyProblem } from './series-key.ts';

const NS_PER_MS = 1e6;
/** Limits of the history of the gateway: its duration, and rows per reply. */
const MAX_HISTORY_SECONDS = 3600;
const HISTORY_ROWS = 5000;

/** A followed number with its history. */
export interface PlotFeed {
  readonly key: string;
  /** The parsed key, or the reason why the key is invalid. */
  readonly of: SeriesKey | SeriesKeyProblem;
  readonly ring: SampleRing;
  /** Unit of the number, if the name or type of its item defines it. */
  unit: string | undefined;
  /** Reason why there is no current value. */
  problem: string | undefined;
  /** Reason why there is no history. */
  historyProblem: string | undefined;
  close(): void;
}

/**
 * Follows a number: loads its history of `seconds` first, if the gateway stores one, then new values. Stores nothing on
 * the gateway. An invalid key is never requested.
 */
export function openPlotFeed(key: string, seconds: number): PlotFeed {
  const of = readSeriesKey(key);
  const aborter = new AbortController();
  let stop: (() => void) | undefined;
  const feed: PlotFeed = {
    key,
    of,
    ring: new SampleRing(),
    unit: typeof of === 'string' ? undefined : unitByName(of.pointer && of.pointer !== '/data' ? of.pointer : of.item),
    problem: undefined,
    historyProblem: undefined,
    close() {
      aborter.abort();
      stop?.();
    },
  };
  if (typeof of === 'string') return feed;
  stop = watchValue(key, (watched) => takeSample(feed, watched));
  void fill(feed, of, seconds, aborter.signal);
  return feed;
}

function takeSample(feed: PlotFeed, { value, at_ms, error, publishers }: WatchedValue): void {
  feed.problem = error?.message;
  if (value === undefined || at_ms === undefined) return;
  const number = numberOf(value);
  if (number === undefined) feed.problem = 'not-a-number';
  else if (publishers !== 0 || feed.ring.size === 0) feed.ring.add(...sampleOf(Number(at_ms), number));
}

async function fill(feed: PlotFeed, of: SeriesKey, seconds: number, signal: AbortSignal): Promise<void> {
  const { kind, entity, item, pointer } = of;
  try {
    const history = await gateway().call('getDataHistory', {
      entity: { kind, id: entity },
      path: { data_id: item },
      query: {
        seconds: Math.min(MAX_HISTORY_SECONDS, Math.max(1, Math.ceil(seconds))),
        limit: HISTORY_ROWS,
        ...(pointer && { path: pointer }),
      },
      signal,
    });
    if (signal.aborted) return;
    const { type } = history['x-medkit'];
    feed.unit = unitOfMember(type, item, pointer || '/data');
    feed.ring.addBefore(samplesOf(history));
    if (!isMessage(type)) await learnUnit(feed, of, signal);
  } catch (error) {
    if (signal.aborted) return;
    feed.historyProblem = error instanceof GatewayRefused ? error.message : String(error);
    await learnUnit(feed, of, signal);
  }
}

/** A ROS type such as `std_msgs/msg/Float32` defines the unit; other runtimes report the unit of an item. */
const isMessage = (type: string | undefined): boolean => type?.includes('/') ?? false;

/** Loads the unit of a number from its item, if no history provided the type or the type does not define the unit. */
async function learnUnit(
  feed: PlotFeed,
  { kind, entity, item, pointer }: SeriesKey,
  signal: AbortSignal,
): Promise<void> {
  try {
    const request = { entity: { kind, id: entity }, path: { data_id: item }, signal };
    const reply = await gateway().call('getDataItem', request);
    const unit = pointer ? undefined : reportedUnit(reply);
    feed.unit = unit ?? unitOfMember(reply['x-medkit']?.ros2?.type ?? undefined, item, pointer || '/data');
  } catch (error) {
    if (!signal.aborted) console.info('the unit of a number is not known', error);
  }
}

function samplesOf({ items }: DataHistory): readonly Sample[] {
  return items.flatMap(([ns, value]) => {
    const number = numberOf(value);
    return number === undefined ? [] : [sampleOf(Number(ns) / NS_PER_MS, number)];
  });
}

const sampleOf = (atMs: number, { value, exact }: Measured): Sample =>
  exact === undefined ? [atMs, value] : [atMs, value, exact];
