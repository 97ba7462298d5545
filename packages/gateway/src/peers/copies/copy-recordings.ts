import { errorMessage, type JsonObject, type Log, type Model, type RuntimeHealth } from '@medkit/core';
import { type Clock, type Files, pause, retryDelayMs, type WritableFiles } from '@medkit/edges';
import { StoreFull } from '@medkit/store';
import type { GatewayDatabase } from '../../database/lazy-store.ts';
import type { FaultCopies } from './fault-copies.ts';
import type { FaultCopy } from './fault-copy.ts';
import { NotCopied, openFile } from './fetch-recording.ts';
import type { FaultReading } from './read-faults.ts';
import { type IncomingFile, openRecordingCopies, type RecordingCopies, type RecordingKey } from './recording-copies.ts';
import { announcedSize, filesIn, type RecordingCopy } from './recording-copy.ts';
import type { Excess } from './recording-eviction.ts';
import { type RecordingRanks, recordingRanks } from './recording-ranks.ts';
import { type RecordingSync, syncRecordings } from './sync-recordings.ts';

/** Maximum remembered recordings that cannot be copied or were displaced. */
const MAX_LEFT_OUT = 1000;
/** Pause between two recordings: at least this, and a multiple of the duration of the last one. */
const REST_MS = 20;
const REST_SHARE = 3;
const MAX_REST_MS = 60_000;
/** Retry delay of a failed recording, doubled each time, and the maximum number of tries. */
const RETRY = { firstMs: 1000, maxMs: 600_000 };
const MAX_TRIES = 10;
/** Interval of the checks for disk space and waiting recordings. */
const LOOK_MS = 60_000;
/** Bytes after which disk space is checked again: the announced size may be wrong, and other programs write too. */
const LOOK_BYTES = 4_194_304;

/** Which recordings of peers are copied. */
export interface RecordingLimits {
  /** Maximum bytes of all copies; 0 disables them. */
  readonly maxBytes: number;
  /** Maximum bytes of one recording. */
  readonly maxOneBytes: number;
  /** Minimum severity of a fault whose recordings are copied. */
  readonly leastSeverity: number;
  /** Absolute folder of the copies. */
  readonly folder: string;
}

export interface RecordingCopying extends RecordingLimits {
  readonly model: Pick<Model, 'tree' | 'provider' | 'onChange'>;
  readonly faults: Pick<FaultCopies, 'find'>;
  readonly database: GatewayDatabase;
  readonly storage: Files & WritableFiles;
  readonly clock: Clock;
  readonly log: Log;
  readonly isThere: (peer: string) => boolean;
}

export interface CopiedRecordings {
  readonly copies: Pick<RecordingCopies, 'all' | 'read'>;
  /**
   * Registers the recordings of a fault that was just copied; they are copied one after the other. Resolves with false
   * if the present occurrence may still get one.
   */
  syncFault(fault: Pick<FaultCopy, 'peer' | 'holder' | 'code' | 'item'>, detail: JsonObject): Promise<boolean>;
  health(): RuntimeHealth;
  close(): Promise<void>;
}

/** Copies the recordings of copied faults, most severe first. */
export async function copyRecordings(options: RecordingCopying): Promise<CopiedRecordings> {
  return new RecordingCopier(options, await openRecordingCopies(options));
}

class RecordingCopier implements CopiedRecordings {
  readonly copies: RecordingCopies;
  readonly #options: RecordingCopying;
  readonly #ranks: RecordingRanks;
  readonly #closing = new AbortController();
  readonly #reading: FaultReading;
  /** Recordings that cannot be copied, or were displaced. */
  readonly #leftOut = new Set<string>();
  readonly #failed = new Map<string, { readonly tries: number; readonly untilMs: number }>();
  readonly #stopLooking: () => void;
  readonly #running: Promise<void>;
  #leftOutTotal = 0;
  #isFull = false;
  #woken = Promise.withResolvers<void>();

  constructor(options: RecordingCopying, copies: RecordingCopies) {
    const { model, clock, faults } = options;
    this.copies = copies;
    this.#options = options;
    this.#ranks = recordingRanks(copies, faults);
    this.#reading = { model, clock, signal: this.#closing.signal };
    this.#stopLooking = model.onChange(() => this.#woken.resolve());
    this.#running = this.#run();
  }

  async syncFault(fault: Parameters<CopiedRecordings['syncFault']>[0], detail: JsonObject): Promise<boolean> {
    const { leastSeverity, maxOneBytes } = this.#options;
    const sync: RecordingSync = {
      reading: this.#reading,
      copies: this.copies,
      leastSeverity,
      maxOneBytes,
      isLeftOut: (key) => this.#leftOut.has(nameOf(key)),
      leaveOut: (key, reason) => this.#leaveOut(key, reason),
      makeRoom: (recording, excess) => this.#makeRoom(recording, excess),
    };
    const isComplete = await syncRecordings(sync, fault, detail);
    await this.copies.remove(this.#ranks.orphans());
    this.#woken.resolve();
    return isComplete;
  }

  health(): RuntimeHealth {
    const waiting = this.#waiting.length;
    return {
      warnings: this.#isFull && waiting > 0 ? [{ code: 'recording_copies_paused', message: FULL }] : [],
      blocks: {
        'x-medkit-recording-copies': {
          recordings: this.copies.all().filter(({ copied }) => copied).length,
          waiting,
          bytes: this.copies.bytes(),
          max_bytes: this.#options.maxBytes,
          left_out_total: this.#leftOutTotal,
        },
      },
    };
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#stopLooking();
    this.#woken.resolve();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const recording = this.#next();
      if (!recording) {
        await this.#idle();
        continue;
      }
      const begunMs = clock.monotonicMs();
      await this.#attempt(recording);
      const restMs = Math.min(REST_MS + REST_SHARE * (clock.monotonicMs() - begunMs), MAX_REST_MS);
      await pause(clock, this.#isFull ? LOOK_MS : restMs, signal);
    }
  }

  get #waiting(): readonly RecordingCopy[] {
    return this.#ranks.waiting().filter((each) => !this.#leftOut.has(nameOf(each)));
  }

  /** Returns the next recording: fewest failures first, then the most severe, then the oldest. */
  #next(): RecordingCopy | undefined {
    const due = this.#waiting.filter((each) => this.#waitMsOf(each) <= 0);
    const order = (one: RecordingCopy, other: RecordingCopy): number =>
      this.#triesOf(one) - this.#triesOf(other) || other.severity - one.severity || one.sinceMs - other.sinceMs;
    return due.toSorted(order)[0];
  }

  /** Waits until a recording is due or something has changed. */
  async #idle(): Promise<void> {
    const waits = this.#waiting.map((each) => this.#waitMsOf(each));
    const timer =
      waits.length > 0
        ? this.#options.clock.after(Math.max(1, Math.min(...waits)), () => this.#woken.resolve())
        : undefined;
    await this.#woken.promise;
    timer?.cancel();
    this.#woken = Promise.withResolvers();
  }

  /** Returns how long a recording still has to wait. */
  #waitMsOf(recording: RecordingCopy): number {
    const { clock, isThere } = this.#options;
    if (!isThere(recording.peer)) return LOOK_MS;
    return (this.#failed.get(nameOf(recording))?.untilMs ?? 0) - clock.monotonicMs();
  }

  #triesOf(recording: RecordingCopy): number {
    return this.#failed.get(nameOf(recording))?.tries ?? 0;
  }

  async #attempt(recording: RecordingCopy): Promise<void> {
    const { log } = this.#options;
    try {
      await this.#copy(recording);
      this.#failed.delete(nameOf(recording));
      if (this.#isFull) log('warn', 'Recordings of other gateways are copied again: the disk has free space');
      this.#isFull = false;
    } catch (error) {
      if (this.#closing.signal.aborted) return;
      await this.#fail(recording, error).catch((failure: unknown) => {
        const { id, peer } = recording;
        log('error', `Cannot remove the recording ${id} of the gateway ${peer}: ${errorMessage(failure)}`);
      });
    }
  }

  async #copy(recording: RecordingCopy): Promise<void> {
    const { copies } = this;
    await this.#assertFits(announcedSize(recording.descriptor));
    const taken = await copies.takeIn(this.#filesOf(recording));
    // Its faults may have changed during the copy.
    const now = copies.find(recording);
    try {
      if (now) await copies.put({ ...now, copied: { ...taken, asOfMs: this.#options.clock.wallMs() } });
    } catch (error) {
      await copies.throwAway(taken);
      throw error;
    }
    if (!now) await copies.throwAway(taken);
  }

  /**
   * Yields the files of a recording. Makes space only for bytes that were received: an announced size displaces
   * nothing.
   */
  async *#filesOf(recording: RecordingCopy): AsyncGenerator<IncomingFile> {
    const { peer, descriptor, faults: links } = recording;
    const { maxOneBytes } = this.#options;
    const { holder = '' } = links.find(({ isTold }) => isTold) ?? {};
    const progress = { bytes: 0, lookAt: LOOK_BYTES };
    for (const { name, size } of filesIn(descriptor)) {
      const maxBytes = maxOneBytes - progress.bytes;
      const { tag, octets } = await openFile(this.#reading, { peer, holder, name, size, maxBytes });
      yield { name, tag, octets: this.#withRoom(recording, octets, progress) };
    }
  }

  /** Yields the bytes of a file, after space was made for them. */
  async *#withRoom(
    recording: RecordingCopy,
    octets: AsyncIterable<Uint8Array>,
    progress: { bytes: number; lookAt: number },
  ): AsyncGenerator<Uint8Array> {
    for await (const chunk of octets) {
      progress.bytes += chunk.length;
      const excess = this.copies.bytes() + progress.bytes - this.#options.maxBytes;
      if (!(await this.#makeRoom(recording, { bytes: excess, count: 0 }))) {
        throw new NotCopied('more severe recordings use the available space');
      }
      if (progress.bytes >= progress.lookAt) {
        progress.lookAt = progress.bytes + LOOK_BYTES;
        await this.#assertFits(0);
      }
      yield chunk;
    }
  }

  async #fail(recording: RecordingCopy, error: unknown): Promise<void> {
    const { clock, log, isThere } = this.#options;
    if (isOfFullDisk(error)) {
      if (!this.#isFull)
        log('error', `Recordings of other gateways are not copied until there is free space: ${errorMessage(error)}`);
      this.#isFull = true;
      return;
    }
    const tries = this.#triesOf(recording) + 1;
    if (error instanceof NotCopied || tries >= MAX_TRIES) {
      this.#leaveOut(recording, errorMessage(error));
      await this.#forget([recording]);
      return;
    }
    // An offline peer does not count as a failure: it is asked when it is back.
    if (!isThere(recording.peer)) return;
    this.#failed.set(nameOf(recording), { tries, untilMs: clock.monotonicMs() + retryDelayMs(RETRY, tries) });
  }

  async #assertFits(bytes: number): Promise<void> {
    if (!(await this.copies.fits(bytes))) throw new StoreFull('the disk has not enough free space');
  }

  async #makeRoom(recording: RecordingCopy, excess: Excess): Promise<boolean> {
    const gone = this.#ranks.evictionsFor(recording, excess);
    if (gone) await this.#forget(gone);
    return gone !== undefined;
  }

  /** Removes recordings permanently: a displaced recording that is copied again would displace others. */
  async #forget(recordings: readonly RecordingKey[]): Promise<void> {
    for (const key of recordings) this.#remember(key);
    await this.copies.remove(recordings);
  }

  #leaveOut(key: RecordingKey, reason: string): void {
    this.#leftOutTotal += 1;
    this.#remember(key);
    this.#options.log('info', `The recording ${key.id} of the gateway ${key.peer} is not copied: ${reason}`);
  }

  #remember(key: RecordingKey): void {
    this.#failed.delete(nameOf(key));
    this.#leftOut.add(nameOf(key));
    const [oldest] = this.#leftOut;
    if (oldest !== undefined && this.#leftOut.size > MAX_LEFT_OUT) this.#leftOut.delete(oldest);
  }
}

const FULL =
  'The disk has not enough free space, so recordings of other gateways are not copied. Free disk space, or reduce aggregation.recording_copies_mb.';

function isOfFullDisk(error: unknown): boolean {
  const { code } = Object(error) as NodeJS.ErrnoException;
  return error instanceof StoreFull || code === 'ENOSPC' || code === 'EDQUOT';
}

function nameOf({ peer, id }: RecordingKey): string {
  return `${peer} ${id}`;
}
