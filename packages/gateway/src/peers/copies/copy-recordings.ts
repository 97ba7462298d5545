import { errorMessage, type JsonObject, type Log, listedStatus, type Model, type RuntimeHealth } from '@medkit/core';
import { type Clock, retryDelayMs } from '@medkit/edges';
import { CopySchedule } from './copy-schedule.ts';
import type { FaultCopy, FaultKey } from './fault-copies.ts';
import { downloadFiles, NotCopied } from './fetch-recording.ts';
import { type PeerReading, recordingsOf } from './read-peer.ts';
import type { RecordingCopies, RecordingCopiesOptions, RecordingLimits } from './recording-copies.ts';
import {
  announcedSize,
  descriptorOf,
  filesIn,
  type RecordingCopy,
  type RecordingKey,
  referencedRecordings,
} from './recording-copy.ts';
import { isOfFullDisk } from './recording-files.ts';

/** Maximum remembered recordings that failed, cannot be copied or were displaced. */
const MAX_FAILED = 1000;
/** Maximum pause between two recordings. */
const MAX_REST_MS = 60_000;
/** Retry delay of a failed recording, doubled each time, and the maximum number of tries. */
const RETRY = { firstMs: 1000, maxMs: 600_000 };
const MAX_TRIES = 10;
/** Interval of the checks for disk space and waiting recordings. */
const LOOK_MS = 60_000;
/** Bytes after which disk space is checked again: the announced size may be wrong, and other programs write too. */
const LOOK_BYTES = 4_194_304;
/** The highest severity. */
const MAX_SEVERITY = 3;
/** Recordings of all peers are copied one after the other, by one task. */
const TASK = 'recordings';

const FULL =
  'The disk has not enough free space, so recordings of other gateways are not copied. Free disk space, or reduce aggregation.recording_copies_mb.';

/** Failed tries of a recording, and the monotonic time of the next one. */
interface Attempts {
  readonly tries: number;
  readonly untilMs: number;
}

const NONE: Attempts = { tries: 0, untilMs: 0 };
const LEFT_OUT: Attempts = { tries: 0, untilMs: Number.POSITIVE_INFINITY };

export interface RecordingCopying extends RecordingLimits, RecordingCopiesOptions {
  readonly model: Pick<Model, 'tree' | 'provider' | 'onChange'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly isThere: (peer: string) => boolean;
}

/** Copies the recordings of copied faults, most severe first. */
export class RecordingCopier {
  readonly copies: RecordingCopies;
  readonly #options: RecordingCopying;
  readonly #closing = new AbortController();
  readonly #reading: PeerReading;
  readonly #schedule: CopySchedule;
  /** Failed tries of recordings, and when the next one is due: never if it cannot be copied or was displaced. */
  readonly #failed = new Map<string, Attempts>();
  readonly #stopLooking: () => void;
  #leftOutTotal = 0;
  #disk: { readonly is: 'free' } | { readonly is: 'full'; readonly untilMs: number } = { is: 'free' };

  constructor(options: RecordingCopying, copies: RecordingCopies) {
    const { model, clock } = options;
    const { signal } = this.#closing;
    this.copies = copies;
    this.#options = options;
    this.#reading = { model, clock, signal };
    this.#schedule = new CopySchedule({ clock, signal, maxRestMs: MAX_REST_MS });
    this.#stopLooking = model.onChange(() => this.#plan());
    this.#plan();
  }

  /**
   * Stores which recordings a fault has that was just copied; they are copied later, one after the other. Resolves with
   * false if the present occurrence may still get one.
   */
  async syncFault(fault: FaultKey & Pick<FaultCopy, 'item'>, detail: JsonObject): Promise<boolean> {
    const referenced = referencedRecordings(detail);
    const severity = Math.min(Number(fault.item['severity'] ?? 0), MAX_SEVERITY);
    const isSevere = severity >= this.#options.leastSeverity;
    const ids = referenced.map(({ id }) => id);
    await this.copies.updateLinks(fault, ids);
    if (isSevere) await this.#addRecordings(fault, severity, ids);
    await this.copies.removeOrphans();
    this.#plan();
    return !isSevere || listedStatus(fault.item) !== 'CONFIRMED' || referenced.some(({ isPresent }) => isPresent);
  }

  health(): RuntimeHealth {
    const waiting = this.#waiting.length;
    const isPaused = this.#disk.is === 'full' && waiting > 0;
    const figures = {
      recordings: this.copies.all().filter(({ copied }) => copied).length,
      waiting,
      bytes: this.copies.bytes(),
      max_bytes: this.#options.maxBytes,
      left_out_total: this.#leftOutTotal,
    };
    return {
      warnings: isPaused ? [{ code: 'recording_copies_paused', message: FULL }] : [],
      blocks: { 'x-medkit-recording-copies': figures },
    };
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#stopLooking();
    await this.#schedule.close();
  }

  /** Registers the recordings of a fault that are new and can be copied. */
  async #addRecordings(fault: FaultKey, severity: number, ids: readonly string[]): Promise<void> {
    const { peer, holder } = fault;
    const { clock, maxOneBytes } = this.#options;
    const fresh = ids.filter((id) => !this.copies.linkOf(fault, id) && this.#attemptsOf({ peer, id }) !== LEFT_OUT);
    const list = fresh.length > 0 ? await recordingsOf(this.#reading, peer, holder) : [];
    for (const id of fresh) {
      const descriptor = descriptorOf(list, id);
      if (!descriptor) continue;
      const size = announcedSize(descriptor);
      if (size > maxOneBytes) {
        this.#leaveOut({ peer, id }, `it has ${size} bytes, the maximum is ${maxOneBytes}`);
        continue;
      }
      this.#remember(await this.copies.link(fault, severity, { id, descriptor, sinceMs: clock.wallMs() }));
    }
  }

  get #waiting(): readonly RecordingCopy[] {
    return this.copies.waiting().filter((each) => this.#attemptsOf(each) !== LEFT_OUT);
  }

  /** Schedules the next recording, for the time at which one is due. */
  #plan(): void {
    const dueMs = Math.min(...this.#waiting.map((each) => this.#dueMsOf(each)));
    this.#schedule.cancel(TASK, TASK);
    if (dueMs === Number.POSITIVE_INFINITY) return;
    const waitMs = Math.max(0, dueMs - this.#options.clock.monotonicMs());
    this.#schedule.add(TASK, TASK, [waitMs], () => this.#copyNext());
  }

  /** Returns the monotonic time at which a recording is due. */
  #dueMsOf(key: RecordingKey): number {
    const { clock, isThere } = this.#options;
    const dueMs = isThere(key.peer) ? this.#attemptsOf(key).untilMs : clock.monotonicMs() + LOOK_MS;
    return this.#disk.is === 'full' ? Math.max(dueMs, this.#disk.untilMs) : dueMs;
  }

  /** Copies the next due recording: fewest failures first, then the most severe, then the oldest. */
  async #copyNext(): Promise<void> {
    const nowMs = this.#options.clock.monotonicMs();
    const triesOf = (recording: RecordingCopy): number => this.#attemptsOf(recording).tries;
    const [next] = this.#waiting
      .filter((each) => this.#dueMsOf(each) <= nowMs)
      .sort(
        (one, other) => triesOf(one) - triesOf(other) || other.severity - one.severity || one.sinceMs - other.sinceMs,
      );
    if (next) await this.#copy(next).catch((error: unknown) => this.#fail(next, error));
    this.#plan();
  }

  async #copy(recording: RecordingCopy): Promise<void> {
    const { clock, log, maxOneBytes } = this.#options;
    const { files } = this.copies;
    const { peer, descriptor, faults: links } = recording;
    await files.assertSpaceFor(announcedSize(descriptor));
    const { holder = '' } = links.find(({ isTold }) => isTold) ?? {};
    const source = { peer, holder, files: filesIn(descriptor), maxBytes: maxOneBytes };
    const received = await files.receive(downloadFiles(this.#reading, source, this.#admission(recording)));
    // Its faults may have changed during the copy.
    const now = this.copies.find(recording);
    try {
      if (now) this.#remember(await this.copies.put({ ...now, copied: { ...received, asOfMs: clock.wallMs() } }));
    } finally {
      if (!this.copies.find(recording)?.copied) await files.remove(received);
    }
    this.#failed.delete(this.copies.nameOf(recording));
    if (this.#disk.is === 'full') log('warn', 'Recordings of other gateways are copied again: the disk has free space');
    this.#disk = { is: 'free' };
  }

  /** Makes space only for bytes that were received: an announced size displaces nothing. */
  #admission(recording: RecordingCopy): (bytes: number) => Promise<void> {
    let lookAt = LOOK_BYTES;
    return async (bytes) => {
      const evicted = this.copies.evictionsFor(recording, bytes);
      if (!evicted) throw new NotCopied('more severe recordings use the available space');
      await this.#forget(evicted);
      if (bytes < lookAt) return;
      lookAt = bytes + LOOK_BYTES;
      await this.copies.files.assertSpaceFor(0);
    };
  }

  async #fail(recording: RecordingCopy, error: unknown): Promise<void> {
    const { clock, log, isThere } = this.#options;
    const { peer, id } = recording;
    const nowMs = clock.monotonicMs();
    const tries = this.#attemptsOf(recording).tries + 1;
    if (this.#closing.signal.aborted) return;
    const isFull = isOfFullDisk(error);
    if (isFull && this.#disk.is === 'free')
      log('error', `Recordings of other gateways are not copied until there is free space: ${errorMessage(error)}`);
    if (isFull || this.#disk.is === 'full') this.#disk = { is: 'full', untilMs: nowMs + LOOK_MS };
    if (isFull) return;
    if (error instanceof NotCopied || tries >= MAX_TRIES) {
      this.#leaveOut(recording, errorMessage(error));
      await this.#forget([recording]).catch((failure: unknown) =>
        log('error', `Cannot remove the recording ${id} of the gateway ${peer}: ${errorMessage(failure)}`),
      );
    } else if (isThere(peer)) {
      // An offline peer does not count as a failure: it is asked when it is back.
      this.#retry(recording, { tries, untilMs: nowMs + retryDelayMs(RETRY, tries) });
    }
  }

  /** Removes recordings permanently. */
  async #forget(recordings: readonly RecordingKey[]): Promise<void> {
    this.#remember(recordings);
    await this.copies.remove(recordings);
  }

  /** Remembers displaced recordings, because copying them again would displace others. */
  #remember(recordings: readonly RecordingKey[] = []): void {
    for (const key of recordings) this.#retry(key, LEFT_OUT);
  }

  #leaveOut(key: RecordingKey, reason: string): void {
    this.#leftOutTotal += 1;
    this.#retry(key, LEFT_OUT);
    this.#options.log('info', `The recording ${key.id} of the gateway ${key.peer} is not copied: ${reason}`);
  }

  #retry(key: RecordingKey, attempts: Attempts): void {
    this.#failed.delete(this.copies.nameOf(key));
    this.#failed.set(this.copies.nameOf(key), attempts);
    const [oldest] = this.#failed.keys();
    if (oldest !== undefined && this.#failed.size > MAX_FAILED) this.#failed.delete(oldest);
  }

  #attemptsOf(key: RecordingKey): Attempts {
    return this.#failed.get(this.copies.nameOf(key)) ?? NONE;
  }
}
