import {
  errorMessage,
  fieldsOf,
  type JsonObject,
  type Log,
  type Model,
  type ObservedFault,
  quotaBlock,
  type RuntimeHealth,
} from '@medkit/core';
import type { Clock, Files, WritableFiles } from '@medkit/edges';
import type { GatewayDatabase } from '../../database/lazy-store.ts';
import type { ObservedLogs } from '../../fault-stream/observed-logs.ts';
import type { GatewayPeers } from '../open-peers.ts';
import { RecordingCopier, type RecordingCopying } from './copy-recordings.ts';
import { CopySchedule } from './copy-schedule.ts';
import { FaultCopies, type FaultCopy, type FaultKey, isCopied, isNews, lastSeen } from './fault-copies.ts';
import { offlineReplies } from './offline-replies.ts';
import { faultDetail, faultsOf, holderOf, type PeerReading } from './read-peer.ts';
import { RecordingCopies, type RecordingLimits } from './recording-copies.ts';

/**
 * Times after a confirmation at which a fault is copied: early, since the robot may be switched off next, and again for
 * evidence that follows. Log windows and recordings end seconds after the fault.
 */
const AFTER_CONFIRMED_MS: readonly number[] = [200, 5000, 30_000];
/** The same for a fault that was just copied. */
const AFTER_CONFIRMED_ANEW_MS: readonly number[] = [2000, 6800, 31_800];
/** The same after a further report, a healing or a clearing. */
const AFTER_UPDATED_MS: readonly number[] = [2000];
/** Further delays for a fault without a recording: one may continue for an hour after its fault. */
const RECORDED_MS: readonly number[] = [270_000, 3_300_000];
/** Maximum faults that are checked again for a recording. */
const MAX_LATER = 200;
/** Maximum faults of a peer that wait to be copied; beyond this, its list is read a while later. */
const MAX_WAITING = 500;
/** Delay until the list of a peer is read: after it returned, and after too many events. */
const LIST_MS = 200;
const LIST_AGAIN_MS = 60_000;
/** Maximum past faults of a new peer, newest first. */
const MAX_PAST = 200;
/** Maximum pause between two reads from a peer, which may report a thousand faults at the same time. */
const MAX_REST_MS = 5000;

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

/** Opens the copies of an earlier run and starts to copy. Errors of the store are thrown unchanged. */
export async function copyFaults(options: FaultCopying): Promise<FaultCopier> {
  const copies = await new FaultCopies(options).load();
  const isThere = (peer: string): boolean => onlinePeer(options.peers, peer) !== undefined;
  const recordings = await openRecordings({ ...options, ...options.recordings, faults: copies, isThere });
  return new FaultCopier(options, copies, recordings);
}

/**
 * Copies faults of peers with their evidence as they occur, so that they can be read here after the robot was switched
 * off. When a peer returns, compares the copies with its list.
 */
export class FaultCopier {
  readonly #options: FaultCopying;
  readonly #copies: FaultCopies;
  readonly #recordings: RecordingCopier | undefined;
  readonly #closing = new AbortController();
  readonly #reading: PeerReading;
  readonly #schedule: CopySchedule;
  /** Why the last task of a peer failed. */
  readonly #failures = new Map<string, string>();
  /** Peers that answer from these copies while they are offline. */
  readonly #served = new WeakSet<object>();
  readonly #stops: readonly (() => void)[];

  constructor(options: FaultCopying, copies: FaultCopies, recordings: RecordingCopier | undefined) {
    const { model, observed, clock } = options;
    const { signal } = this.#closing;
    this.#options = options;
    this.#copies = copies;
    this.#recordings = recordings;
    this.#reading = { model, clock, signal };
    this.#schedule = new CopySchedule({ clock, signal, maxRestMs: MAX_REST_MS });
    this.#serve();
    this.#stops = [
      model.onChange(() => this.#serve()),
      observed.listen(
        (event) => this.#receive(event),
        ({ is, origin }) => {
          if (is !== 'lost' && !origin.includes('/')) this.#scheduleList(origin, LIST_MS);
        },
      ),
    ];
  }

  health(): RuntimeHealth {
    const { warnings = [], blocks } = this.#recordings?.health() ?? {};
    const copies = this.#copies;
    const figures = { faults: copies.count(), bytes: copies.bytes(), max_bytes: this.#options.maxBytes };
    return {
      warnings,
      blocks: { 'x-medkit-fault-copies': figures, ...quotaBlock({ fault_copies: copies }), ...blocks },
    };
  }

  async close(): Promise<void> {
    this.#closing.abort();
    for (const stop of this.#stops) stop();
    await Promise.all([this.#schedule.close(), this.#recordings?.close()]);
  }

  /** Lets every new peer answer from the copies while it is offline. */
  #serve(): void {
    const { peers, model } = this.#options;
    for (const runtime of peers.runtimes) {
      if (this.#served.has(runtime)) continue;
      this.#served.add(runtime);
      const copies = { faults: this.#copies, recordings: this.#recordings?.copies };
      runtime.keep(offlineReplies(model, copies, runtime.name));
    }
  }

  #receive({ origin, event, news }: ObservedFault): void {
    const item = fieldsOf(event['fault']);
    // Faults of a gateway behind a peer are copied by that peer.
    if (!item || origin.includes('/') || !isCopied(item)) return;
    const isAnew = this.#schedule.hasBegun(origin, taskOf(item)) === true;
    const afterConfirmedMs = isAnew ? AFTER_CONFIRMED_ANEW_MS : AFTER_CONFIRMED_MS;
    this.#scheduleCopy(origin, item, news.includes('fault_confirmed') ? afterConfirmedMs : AFTER_UPDATED_MS);
  }

  #scheduleCopy(peer: string, item: JsonObject, afterMs: readonly number[]): void {
    const name = taskOf(item);
    const isNew = this.#schedule.hasBegun(peer, name) === undefined;
    if (isNew && this.#schedule.count('fault ', peer) >= MAX_WAITING) this.#scheduleList(peer, LIST_AGAIN_MS);
    else this.#add(peer, name, afterMs, () => this.#copy(peer, item));
  }

  #scheduleList(peer: string, afterMs: number): void {
    this.#add(peer, 'list', [afterMs], () => this.#reconcile(peer));
  }

  /** Schedules a task of a peer. Logs why it failed, once for the same reason. */
  #add(peer: string, name: string, afterMs: readonly number[], task: () => Promise<void>): void {
    this.#schedule.add(peer, name, afterMs, async () => {
      try {
        await task();
        this.#failures.delete(peer);
      } catch (error) {
        const reason = errorMessage(error);
        if (this.#closing.signal.aborted || reason === this.#failures.get(peer)) return;
        this.#options.log('warn', `Faults of the gateway ${peer} are not copied: ${reason}`);
        this.#failures.set(peer, reason);
      }
    });
  }

  /** Compares the copies of a peer with its list. */
  async #reconcile(peer: string): Promise<void> {
    const { peers, model } = this.#options;
    if (!onlinePeer(peers, peer)) return;
    const items = (await faultsOf(this.#reading, peer)).filter(isCopied);
    const listed = new Map(items.map((item) => [`${holderOf(model.tree, peer, item)} ${item['fault_code']}`, item]));
    const stored = new Map(this.#copies.of(peer).map((copy) => [`${copy.holder} ${copy.code}`, copy]));
    for (const isListed of [false, true]) {
      const copies = [...stored].flatMap(([name, copy]) => (listed.has(name) === isListed ? [copy] : []));
      await this.#copies.mark(copies, isListed);
    }
    const stale = [...listed].flatMap(([name, item]) => (isNews(item, stored.get(name)) ? [item] : []));
    const newest = stale.sort((one, other) => lastSeen(other) - lastSeen(one)).slice(0, MAX_PAST);
    for (const item of newest) this.#scheduleCopy(peer, item, AFTER_CONFIRMED_MS);
  }

  /** Copies a fault with its evidence; `again` are the delays after which it is checked for a recording. */
  async #copy(peer: string, item: JsonObject, again = RECORDED_MS): Promise<void> {
    const { peers, model, clock } = this.#options;
    const holder = holderOf(model.tree, peer, item);
    const runtime = onlinePeer(peers, peer);
    if (holder === undefined || !runtime) return;
    const fault = { peer, holder, code: String(item['fault_code']), item };
    const detail = await faultDetail(this.#reading, fault);
    if (!detail) return;
    const copy = { ...fault, entities: runtime.entityWithAncestors(holder), asOfMs: clock.wallMs(), isListed: true };
    if (!(await this.#copies.put(copy, detail)))
      throw new RangeError('a fault with its evidence exceeds the size limit');
    if (!this.#recordings) return;
    const isComplete = await this.#recordings.syncFault(fault, detail);
    this.#scheduleCheck(fault, isComplete ? undefined : again);
  }

  /** Checks a fault again for its recording, after the first of the delays; not at all without them. */
  #scheduleCheck(fault: FaultKey & Pick<FaultCopy, 'item'>, again: readonly number[] | undefined): void {
    const { peer, holder, code } = fault;
    const name = `recording ${holder} ${code}`;
    const isScheduled = this.#schedule.hasBegun(peer, name) !== undefined;
    const [nextMs, ...left] = again ?? [];
    if (!again) this.#schedule.cancel(peer, name);
    else if (nextMs !== undefined && !isScheduled && this.#schedule.count('recording ') < MAX_LATER) {
      const latest = (): JsonObject => (this.#copies.find(fault) ?? fault).item;
      this.#add(peer, name, [nextMs], () => this.#copy(peer, latest(), left));
    }
  }
}

/**
 * Opens the copies of recordings. Returns `undefined` if they are disabled, or if those of an earlier run cannot be
 * read: then only faults are copied.
 */
async function openRecordings(options: RecordingCopying): Promise<RecordingCopier | undefined> {
  if (options.maxBytes === 0) return undefined;
  try {
    return new RecordingCopier(options, await new RecordingCopies(options).load());
  } catch (error) {
    options.log('error', `Recordings of other gateways are not copied: ${errorMessage(error)}`);
    return undefined;
  }
}

/** Returns the name of the task that copies a fault. */
function taskOf(item: JsonObject): string {
  return `fault ${item['fault_code']} ${item['entity_id'] ?? ''}`;
}

function onlinePeer({ runtimes }: FaultCopying['peers'], peer: string) {
  return runtimes.find((runtime) => runtime.name === peer && runtime.peerState().status === 'online');
}
