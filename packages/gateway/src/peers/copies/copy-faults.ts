import { MAX_FAULT_CODE_LENGTH } from '@medkit/contract';
import {
  errorMessage,
  fieldsOf,
  type JsonObject,
  type Log,
  listedStatus,
  type Model,
  type ObservedFault,
  quotaBlock,
  type RuntimeHealth,
} from '@medkit/core';
import type { Clock, Files, Timer, WritableFiles } from '@medkit/edges';
import type { GatewayDatabase } from '../../database/lazy-store.ts';
import type { ObservedLogs } from '../../fault-stream/observed-logs.ts';
import type { GatewayPeers } from '../open-peers.ts';
import { type CopiedRecordings, copyRecordings, type RecordingLimits } from './copy-recordings.ts';
import { CopySchedule } from './copy-schedule.ts';
import { type FaultCopies, openFaultCopies } from './fault-copies.ts';
import type { FaultCopy } from './fault-copy.ts';
import { offlineReplies } from './offline-replies.ts';
import { PeerWork } from './peer-work.ts';
import { type FaultReading, faultDetail, faultsOf, holderOf } from './read-faults.ts';

/** A copy made earlier than this after its fault may lack evidence. */
const EVIDENCE_MS = 30_000;
/** Further delays for a fault without a recording: one may continue for an hour after its fault. */
const RECORDED_MS: readonly number[] = [270_000, 3_300_000];
/** Maximum faults that are checked again for a recording. */
const MAX_LATER = 200;
/** Delay until the list of a peer is read: after it returned, and after too many events. */
const LIST_MS = 200;
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

/**
 * Copies faults of peers with their evidence as they occur, so that they can be read here after the robot was switched
 * off. When a peer returns, compares the copies with its list.
 */
export async function copyFaults(options: FaultCopying): Promise<CopiedFaults> {
  const copies = await openFaultCopies(options.database, options.maxBytes);
  const recordings = await copiedRecordings(options, copies);
  return new FaultCopier(options, copies, recordings);
}

class FaultCopier implements CopiedFaults {
  readonly #options: FaultCopying;
  readonly #copies: FaultCopies;
  readonly #recordings: CopiedRecordings | undefined;
  readonly #closing = new AbortController();
  readonly #reading: FaultReading;
  readonly #work: PeerWork;
  readonly #schedule: CopySchedule;
  /** Timers of peers whose list will be read. */
  readonly #lists = new Map<string, Timer>();
  /** Timers of faults whose recording may still be written. */
  readonly #later = new Map<string, Timer>();
  /** Peers that answer from these copies while they are offline. */
  readonly #served = new WeakSet<object>();
  readonly #stops: readonly (() => void)[];

  constructor(options: FaultCopying, copies: FaultCopies, recordings: CopiedRecordings | undefined) {
    const { model, observed, clock, log } = options;
    const { signal } = this.#closing;
    this.#options = options;
    this.#copies = copies;
    this.#recordings = recordings;
    this.#reading = { model, clock, signal };
    this.#work = new PeerWork({ clock, log, signal });
    this.#schedule = new CopySchedule({
      clock,
      copy: (peer, { begins }) => this.#work.add(peer, () => this.#copy(peer, begins())),
      onFull: (peer) => this.#listLater(peer, LIST_AGAIN_MS),
    });
    this.#serve();
    this.#stops = [
      model.onChange(() => this.#serve()),
      observed.listen(
        (event) => this.#receive(event),
        ({ is, origin }) => {
          if (is !== 'lost' && !origin.includes('/')) this.#listLater(origin, LIST_MS);
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
    this.#schedule.close();
    for (const timer of [...this.#lists.values(), ...this.#later.values()]) timer.cancel();
    await Promise.all([this.#work.settled(), this.#recordings?.close()]);
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
    this.#schedule.afterEvent(origin, item, news.includes('fault_confirmed'));
  }

  #listLater(peer: string, afterMs: number): void {
    if (this.#lists.has(peer)) return;
    const due = (): void => {
      this.#lists.delete(peer);
      this.#work.add(peer, () => this.#reconcile(peer));
    };
    this.#lists.set(peer, this.#options.clock.after(afterMs, due));
  }

  /** Compares the copies of a peer with its list. */
  async #reconcile(peer: string): Promise<void> {
    const { peers, model } = this.#options;
    if (!isOnline(peers, peer)) return;
    const nameOf = (item: JsonObject): string => `${holderOf(model.tree, peer, item)} ${item['fault_code']}`;
    const items = (await faultsOf(this.#reading, peer)).filter(isCopied);
    const listed = new Map(items.map((item) => [nameOf(item), item]));
    const stored = this.#copies.of(peer);
    const isListed = ({ holder, code }: FaultCopy): boolean => listed.has(`${holder} ${code}`);
    await this.#copies.mark(
      stored.filter((each) => !isListed(each)),
      false,
    );
    await this.#copies.mark(stored.filter(isListed), true);
    const copied = new Map(stored.map((each) => [`${each.holder} ${each.code}`, each]));
    const stale = [...listed].flatMap(([name, item]) => (isNews(item, copied.get(name)) ? [item] : []));
    const newest = stale.toSorted((one, other) => lastSeen(other) - lastSeen(one)).slice(0, MAX_PAST);
    for (const item of newest) this.#schedule.add(peer, item);
  }

  /** Copies a fault with its evidence; `again` are the delays after which it is checked for a recording. */
  async #copy(peer: string, item: JsonObject, again = RECORDED_MS): Promise<void> {
    const { peers, model, clock } = this.#options;
    const holder = holderOf(model.tree, peer, item);
    const runtime = peers.runtimes.find(({ name }) => name === peer);
    if (holder === undefined || !runtime || !isOnline(peers, peer)) return;
    const code = String(item['fault_code']);
    const detail = await faultDetail(this.#reading, peer, { holder, code });
    if (!detail) return;
    const entities = runtime.entityWithAncestors(holder);
    const copy = { peer, holder, code, item, entities, asOfMs: clock.wallMs(), isListed: true };
    if (!(await this.#copies.put(copy, detail)))
      throw new RangeError('a fault with its evidence exceeds the size limit');
    if (!this.#recordings) return;
    const isComplete = await this.#recordings.syncFault({ peer, holder, code, item }, detail);
    this.#checkLater(copy, isComplete ? undefined : again);
  }

  /** Checks a fault again for its recording, after the first of the delays; not at all without them. */
  #checkLater({ peer, holder, code, item }: Omit<FaultCopy, 'bytes'>, again: readonly number[] | undefined): void {
    const name = `${peer} ${holder} ${code}`;
    if (!again) {
      this.#later.get(name)?.cancel();
      this.#later.delete(name);
      return;
    }
    const [nextMs, ...left] = again;
    if (nextMs === undefined || this.#later.has(name) || this.#later.size >= MAX_LATER) return;
    const due = (): void => {
      this.#later.delete(name);
      const latest = this.#copies.find({ peer, holder, code })?.item ?? item;
      this.#work.add(peer, () => this.#copy(peer, latest, left));
    };
    this.#later.set(name, this.#options.clock.after(nextMs, due));
  }
}

/** Opens the copying of recordings. If earlier ones cannot be read, only faults are copied. */
async function copiedRecordings(options: FaultCopying, faults: FaultCopies): Promise<CopiedRecordings | undefined> {
  const { peers, recordings, log } = options;
  if (recordings.maxBytes === 0) return undefined;
  try {
    const isThere = (peer: string): boolean => isOnline(peers, peer);
    return await copyRecordings({ ...options, ...recordings, faults, isThere });
  } catch (error) {
    log('error', `Recordings of other gateways are not copied: ${errorMessage(error)}`);
    return undefined;
  }
}

/** Returns whether the item is a fault that was confirmed. */
function isCopied(item: JsonObject): boolean {
  const { fault_code: code } = item;
  return typeof code === 'string' && code.length <= MAX_FAULT_CODE_LENGTH && CONFIRMED.has(listedStatus(item));
}

function isOnline({ runtimes }: FaultCopying['peers'], peer: string): boolean {
  return runtimes.some((runtime) => runtime.name === peer && runtime.peerState().status === 'online');
}

/** Returns whether a listed fault must be copied. A fault that was cleared before it was seen here is not copied. */
function isNews(item: JsonObject, before: FaultCopy | undefined): boolean {
  if (!before) return listedStatus(item) !== 'CLEARED';
  return stateOf(before.item) !== stateOf(item) || before.asOfMs < lastSeen(item) * 1000 + EVIDENCE_MS;
}

/** Returns the part of a fault whose change requires another copy. */
function stateOf(item: JsonObject): string {
  const { occurrence_count, last_occurred } = item;
  return JSON.stringify([listedStatus(item), Number(occurrence_count), Number(last_occurred)]);
}

function lastSeen({ last_occurred }: JsonObject): number {
  return Number(last_occurred ?? 0);
}
