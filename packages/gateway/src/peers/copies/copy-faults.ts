import { MAX_FAULT_CODE_LENGTH } from '@medkit/contract';
import {
  errorMessage,
  type JsonObject,
  type Log,
  listedStatus,
  type Model,
  type ObservedFault,
  quotaBlock,
  type RuntimeHealth,
} from '@medkit/core';
import { type Clock, type Files, pause, type Timer, type WritableFiles } from '@medkit/edges';
import type { GatewayDatabase } from '../../database/gateway-database.ts';
import type { ObservedLogs } from '../../sse/observed-logs.ts';
import type { GatewayPeers } from '../open-peers.ts';
import { type CopiedRecordings, copyRecordings, type RecordingLimits } from './copy-recordings.ts';
import { type FaultCopies, openFaultCopies } from './fault-copies.ts';
import { objectOf } from './fault-copy.ts';
import { offlineReplies } from './offline-replies.ts';
import { type FaultReading, faultDetail, faultsOf, holderOf } from './read-faults.ts';

/**
 * Delays after a confirmation until a fault is copied: early, since the robot may be switched off next, and again for
 * evidence that follows. Log windows and recordings end seconds after the fault.
 */
const AFTER_CONFIRMED_MS: readonly number[] = [200, 4800, 25_000];
/** The same for a fault that was just copied. */
const AFTER_CONFIRMED_ANEW_MS: readonly number[] = [2000, 4800, 25_000];
/** Delay after a further report, a healing or a clearing. */
const AFTER_UPDATED_MS: readonly number[] = [2000];
/** A copy made earlier than this may lack evidence. */
const EVIDENCE_MS = 30_000;
/** Further delays for a fault without a recording: one may continue for an hour after its fault. */
const RECORDED_MS: readonly number[] = [270_000, 3_300_000];
/** Maximum faults that are checked again for a recording. */
const MAX_LATER = 200;
/**
 * Pause between two copies: at least this, and a multiple of the duration of the last copy. A peer may report a
 * thousand faults at the same time.
 */
const REST_MS = 20;
const REST_SHARE = 3;
const MAX_REST_MS = 5000;
/** Maximum faults of a peer that wait to be copied; beyond this, its list is read a while later. */
const MAX_WAITING = 500;
const LIST_AGAIN_MS = 60_000;
/** Maximum past faults of a new peer, newest first. */
const MAX_PAST = 200;

/** States of faults that were confirmed; a pending fault may be nothing. */
const CONFIRMED: ReadonlySet<unknown> = new Set(['CONFIRMED', 'HEALED', 'CLEARED']);

export interface FaultCopying {
  readonly peers: Pick<GatewayPeers, 'runtimes'>;
  readonly observed: ObservedLogs;
  readonly database: GatewayDatabase;
  readonly clock: Clock;
  readonly log: Log;
  readonly model: Pick<Model, 'tree' | 'provider' | 'onChange'>;
  /** Maximum bytes of all copies. */
  readonly maxBytes: number;
  /** Which recordings of these faults are copied. */
  readonly recordings: RecordingLimits;
  /** Stores the recordings. */
  readonly storage: Files & WritableFiles;
}

export interface CopiedFaults {
  health(): RuntimeHealth;
  close(): Promise<void>;
}

interface Waiting {
  item: JsonObject;
  /** Remaining delays after this copy. */
  left: readonly number[];
  isCopied: boolean;
  timer: Timer;
}

/**
 * Copies faults of peers with their evidence as they occur, so that they can be read here after the robot was switched
 * off. When a peer returns, compares the copies with its list.
 */
export async function copyFaults(options: FaultCopying): Promise<CopiedFaults> {
  const { peers, model, observed, database, clock, log, maxBytes } = options;
  const copies = await openFaultCopies(database, maxBytes);
  /** By peer, the faults that are to be copied again. */
  const waiting = new Map<string, Map<string, Waiting>>();
  const lists = new Map<string, Timer>();
  const known = new WeakSet<object>();
  const closing = new AbortController();
  const { signal } = closing;
  const reading: FaultReading = { model, clock, signal };
  /** Running work by peer, and why its last task failed. */
  const work = new Map<string, Promise<void>>();
  const failures = new Map<string, string>();
  /** By peer, the faults whose copy is queued. */
  const inLine = new Map<string, Set<string>>();

  const attempt = async (peer: string, task: () => Promise<void>): Promise<void> => {
    if (signal.aborted) return;
    const begunMs = clock.monotonicMs();
    try {
      await task();
      failures.delete(peer);
    } catch (error) {
      const reason = errorMessage(error);
      if (signal.aborted) return;
      if (reason !== failures.get(peer)) log('warn', `Faults of the gateway ${peer} are not copied: ${reason}`);
      failures.set(peer, reason);
    }
    const restMs = REST_MS + REST_SHARE * (clock.monotonicMs() - begunMs);
    await pause(clock, Math.min(restMs, MAX_REST_MS), signal);
  };
  /** Runs the tasks of one peer in sequence; a failure does not affect the next one. */
  const scheduleWork = (peer: string, task: () => Promise<void>): void => {
    const done = (work.get(peer) ?? Promise.resolve()).then(() => attempt(peer, task));
    work.set(peer, done);
  };
  const isThere = (peer: string): boolean =>
    peers.runtimes.some((runtime) => runtime.name === peer && runtime.peerState().status === 'online');
  const recordings = await copiedRecordings(options, copies, isThere);
  const later = new Map<string, Timer>();
  const copy = async (peer: string, item: JsonObject, again = RECORDED_MS): Promise<void> => {
    const holder = holderOf(model.tree, peer, item);
    const runtime = peers.runtimes.find(({ name }) => name === peer);
    if (holder === undefined || !runtime || !isThere(peer)) return;
    const code = String(item['fault_code']);
    const detail = await faultDetail(reading, peer, { holder, code });
    if (!detail) return;
    const entities = runtime.entityWithAncestors(holder);
    const isStored = await copies.put(
      { peer, holder, code, item, entities, asOfMs: clock.wallMs(), isListed: true },
      detail,
    );
    if (!isStored) throw new RangeError('a fault with its evidence exceeds the size limit');
    if (!recordings) return;
    const name = `${peer} ${holder} ${code}`;
    const isComplete = await recordings.syncFault({ peer, holder, code, item }, detail);
    if (isComplete) {
      later.get(name)?.cancel();
      later.delete(name);
      return;
    }
    const [nextMs, ...left] = again;
    if (nextMs === undefined || later.has(name) || later.size >= MAX_LATER) return;
    const due = (): void => {
      later.delete(name);
      scheduleWork(peer, () => copy(peer, copies.find({ peer, holder, code })?.item ?? item, left));
    };
    later.set(name, clock.after(nextMs, due));
  };
  const schedule = (peer: string, item: JsonObject, [firstMs = 0, ...left]: readonly number[]): void => {
    const key = keyOf(item);
    const queue = waiting.get(peer) ?? new Map<string, Waiting>();
    waiting.set(peer, queue);
    const before = queue.get(key);
    // Repeated reports must not delay the copy further.
    if (before && left.length <= before.left.length) {
      before.item = item;
      return;
    }
    before?.timer.cancel();
    const line = inLine.get(peer) ?? new Set();
    inLine.set(peer, line);
    if (!before && queue.size + line.size >= MAX_WAITING) {
      listLater(peer, LIST_AGAIN_MS);
      return;
    }
    const due = (fault: Waiting) => (): void => {
      fault.isCopied = true;
      const [nextMs, ...rest] = fault.left;
      if (nextMs === undefined) queue.delete(key);
      else {
        fault.left = rest;
        fault.timer = clock.after(nextMs, due(fault));
      }
      // A queued copy will contain the latest state: one is enough.
      if (line.has(key)) return;
      line.add(key);
      scheduleWork(peer, async () => {
        line.delete(key);
        await copy(peer, fault.item);
      });
    };
    const fault: Waiting = { item, left, isCopied: false, timer: { cancel: () => undefined } };
    fault.timer = clock.after(firstMs, due(fault));
    queue.set(key, fault);
  };
  /** Compares the copies of a peer with its list. */
  const reconcile = async (peer: string): Promise<void> => {
    if (!isThere(peer)) return;
    const items = (await faultsOf(reading, peer)).filter(isCopied);
    const listed = new Map(items.map((item) => [`${holderOf(model.tree, peer, item)} ${item['fault_code']}`, item]));
    const stored = copies.of(peer);
    const isListed = ({ holder, code }: (typeof stored)[number]): boolean => listed.has(`${holder} ${code}`);
    await copies.mark(
      stored.filter((each) => !isListed(each)),
      false,
    );
    await copies.mark(stored.filter(isListed), true);
    const copied = new Map(stored.map((each) => [`${each.holder} ${each.code}`, each]));
    const stale = [...listed].flatMap(([name, item]) => {
      const before = copied.get(name);
      // Faults that were cleared before they were seen here are not copied.
      const isNews = before
        ? stateOf(before.item) !== stateOf(item) || before.asOfMs < lastSeen(item) * 1000 + EVIDENCE_MS
        : listedStatus(item) !== 'CLEARED';
      return isNews ? [item] : [];
    });
    const newest = stale.toSorted((one, other) => lastSeen(other) - lastSeen(one)).slice(0, MAX_PAST);
    for (const item of newest) schedule(peer, item, AFTER_CONFIRMED_MS);
  };
  const listLater = (peer: string, afterMs: number): void => {
    if (lists.has(peer)) return;
    const due = (): void => {
      lists.delete(peer);
      scheduleWork(peer, () => reconcile(peer));
    };
    lists.set(peer, clock.after(afterMs, due));
  };
  const onFault = ({ origin, event, news }: ObservedFault): void => {
    const item = objectOf(event['fault']);
    // Faults of a gateway behind a peer are copied by that peer.
    if (!item || origin.includes('/') || !isCopied(item)) return;
    const isConfirmedAnew = waiting.get(origin)?.get(keyOf(item))?.isCopied === true;
    const afterConfirmed = isConfirmedAnew ? AFTER_CONFIRMED_ANEW_MS : AFTER_CONFIRMED_MS;
    schedule(origin, item, news.includes('fault_confirmed') ? afterConfirmed : AFTER_UPDATED_MS);
  };
  const recall = (): void => {
    for (const runtime of peers.runtimes) {
      if (known.has(runtime)) continue;
      known.add(runtime);
      runtime.keep(offlineReplies(model, { faults: copies, recordings: recordings?.copies }, runtime.name));
    }
  };

  recall();
  const stops = [
    model.onChange(recall),
    observed.listen(onFault, ({ is, origin }) => {
      if (is !== 'lost' && !origin.includes('/')) listLater(origin, AFTER_CONFIRMED_MS[0] ?? 0);
    }),
  ];
  return {
    health: () => {
      const { warnings = [], blocks } = recordings?.health() ?? {};
      const figures = { faults: copies.count(), bytes: copies.bytes(), max_bytes: maxBytes };
      return {
        warnings,
        blocks: { 'x-medkit-fault-copies': figures, ...quotaBlock({ fault_copies: copies }), ...blocks },
      };
    },
    close: async () => {
      closing.abort();
      for (const stop of stops) stop();
      for (const queue of waiting.values()) for (const { timer } of queue.values()) timer.cancel();
      for (const timer of [...lists.values(), ...later.values()]) timer.cancel();
      await Promise.all([...work.values(), recordings?.close()]);
    },
  };
}

/** Opens the copying of recordings. If earlier ones cannot be read, only faults are copied. */
async function copiedRecordings(
  options: FaultCopying,
  faults: FaultCopies,
  isThere: (peer: string) => boolean,
): Promise<CopiedRecordings | undefined> {
  const { recordings, log } = options;
  if (recordings.maxBytes === 0) return undefined;
  try {
    return await copyRecordings({ ...options, ...recordings, faults, isThere });
  } catch (error) {
    log('error', `Recordings of other gateways are not copied: ${errorMessage(error)}`);
    return undefined;
  }
}

/** Returns the key of a fault on its gateway. */
function keyOf(item: JsonObject): string {
  return `${item['fault_code']} ${item['entity_id'] ?? ''}`;
}

/** Returns whether the item is a fault that was confirmed. */
function isCopied(item: JsonObject): boolean {
  const { fault_code: code } = item;
  return typeof code === 'string' && code.length <= MAX_FAULT_CODE_LENGTH && CONFIRMED.has(listedStatus(item));
}

/** Returns the part of a fault whose change requires another copy. */
function stateOf(item: JsonObject): string {
  const { occurrence_count, last_occurred } = item;
  return JSON.stringify([listedStatus(item), Number(occurrence_count), Number(last_occurred)]);
}

function lastSeen({ last_occurred }: JsonObject): number {
  return Number(last_occurred ?? 0);
}
