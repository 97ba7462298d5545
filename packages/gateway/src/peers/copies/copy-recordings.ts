import { errorMessage, type JsonObject, type Log, type Model, type RuntimeHealth } from '@medkit/core';
import { type Clock, type Files, pause, retryDelayMs, type WritableFiles } from '@medkit/edges';
import { StoreFull } from '@medkit/store';
import type { GatewayDatabase } from '../../database/gateway-database.ts';
import type { FaultCopies } from './fault-copies.ts';
import type { FaultCopy } from './fault-copy.ts';
import { NotCopied, openFile } from './fetch-recording.ts';
import { type IncomingFile, openRecordingCopies, type RecordingCopies, type RecordingKey } from './recording-copies.ts';
import { announcedSize, filesIn, type RecordingCopy } from './recording-copy.ts';
import type { Excess } from './recording-eviction.ts';
import { recordingRanks } from './recording-ranks.ts';
import { syncRecordings } from './sync-recordings.ts';

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
  const { model, faults, clock, log, isThere, maxBytes, maxOneBytes, leastSeverity } = options;
  const copies = await openRecordingCopies(options);
  const ranks = recordingRanks(copies, faults);
  const closing = new AbortController();
  const { signal } = closing;
  const leftOut = new Set<string>();
  const failed = new Map<string, { readonly tries: number; readonly untilMs: number }>();
  let leftOutTotal = 0;
  let isFull = false;
  let woken = Promise.withResolvers<void>();

  const remember = (key: RecordingKey): void => {
    failed.delete(nameOf(key));
    leftOut.add(nameOf(key));
    const [oldest] = leftOut;
    if (oldest !== undefined && leftOut.size > MAX_LEFT_OUT) leftOut.delete(oldest);
  };
  /** Removes recordings permanently: a displaced recording that is copied again would displace others. */
  const forget = async (recordings: readonly RecordingKey[]): Promise<void> => {
    for (const key of recordings) remember(key);
    await copies.remove(recordings);
  };
  const makeRoom = async (recording: RecordingCopy, excess: Excess): Promise<boolean> => {
    const gone = ranks.evictionsFor(recording, excess);
    if (gone) await forget(gone);
    return gone !== undefined;
  };
  const leaveOut = (key: RecordingKey, reason: string): void => {
    leftOutTotal += 1;
    remember(key);
    log('info', `The recording ${key.id} of the gateway ${key.peer} is not copied: ${reason}`);
  };
  const reading = { model, clock, signal };
  const isLeftOut = (key: RecordingKey): boolean => leftOut.has(nameOf(key));
  const heeding = { reading, copies, leastSeverity, maxOneBytes, isLeftOut, leaveOut, makeRoom };

  const assertFits = async (bytes: number): Promise<void> => {
    if (!(await copies.fits(bytes))) throw new StoreFull('the disk has not enough free space');
  };
  /**
   * Yields the files of a recording. Makes space only for bytes that were received: an announced size displaces
   * nothing.
   */
  async function* filesOf(recording: RecordingCopy): AsyncGenerator<IncomingFile> {
    const { peer, descriptor, faults: links } = recording;
    const { holder = '' } = links.find(({ isTold }) => isTold) ?? {};
    let [taken, lookAt] = [0, LOOK_BYTES];
    const within = async function* (octets: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const chunk of octets) {
        taken += chunk.length;
        if (!(await makeRoom(recording, { bytes: copies.bytes() + taken - maxBytes, count: 0 }))) {
          throw new NotCopied('more severe recordings use the available space');
        }
        if (taken >= lookAt) {
          lookAt = taken + LOOK_BYTES;
          await assertFits(0);
        }
        yield chunk;
      }
    };
    for (const { name, size } of filesIn(descriptor)) {
      const { tag, octets } = await openFile(reading, { peer, holder, name, size, maxBytes: maxOneBytes - taken });
      yield { name, tag, octets: within(octets) };
    }
  }
  const copy = async (recording: RecordingCopy): Promise<void> => {
    await assertFits(announcedSize(recording.descriptor));
    const taken = await copies.takeIn(filesOf(recording));
    // Its faults may have changed during the copy.
    const now = copies.find(recording);
    try {
      if (now) await copies.put({ ...now, copied: { ...taken, asOfMs: clock.wallMs() } });
    } catch (error) {
      await copies.throwAway(taken);
      throw error;
    }
    if (!now) await copies.throwAway(taken);
  };
  const fail = async (recording: RecordingCopy, error: unknown): Promise<void> => {
    if (isOfFullDisk(error)) {
      if (!isFull)
        log('error', `Recordings of other gateways are not copied until there is free space: ${errorMessage(error)}`);
      isFull = true;
      return;
    }
    const tries = triesOf(recording) + 1;
    if (error instanceof NotCopied || tries >= MAX_TRIES) {
      leaveOut(recording, errorMessage(error));
      await forget([recording]);
      return;
    }
    // An offline peer does not count as a failure: it is asked when it is back.
    if (!isThere(recording.peer)) return;
    failed.set(nameOf(recording), { tries, untilMs: clock.monotonicMs() + retryDelayMs(RETRY, tries) });
  };
  const attempt = async (recording: RecordingCopy): Promise<void> => {
    try {
      await copy(recording);
      failed.delete(nameOf(recording));
      if (isFull) log('warn', 'Recordings of other gateways are copied again: the disk has free space');
      isFull = false;
    } catch (error) {
      if (signal.aborted) return;
      await fail(recording, error).catch((failure: unknown) => {
        log(
          'error',
          `Cannot remove the recording ${recording.id} of the gateway ${recording.peer}: ${errorMessage(failure)}`,
        );
      });
    }
  };
  const waiting = (): readonly RecordingCopy[] => ranks.waiting().filter((each) => !isLeftOut(each));
  /** Returns how long a recording still has to wait. */
  const waitMsOf = (recording: RecordingCopy): number =>
    isThere(recording.peer) ? (failed.get(nameOf(recording))?.untilMs ?? 0) - clock.monotonicMs() : LOOK_MS;
  const triesOf = (recording: RecordingCopy): number => failed.get(nameOf(recording))?.tries ?? 0;
  /** Returns the next recording: fewest failures first, then the most severe, then the oldest. */
  const next = (): RecordingCopy | undefined => {
    const due = waiting().filter((each) => waitMsOf(each) <= 0);
    const order = (one: RecordingCopy, other: RecordingCopy): number =>
      triesOf(one) - triesOf(other) || other.severity - one.severity || one.sinceMs - other.sinceMs;
    return due.toSorted(order)[0];
  };
  const idle = async (): Promise<void> => {
    const waits = waiting().map(waitMsOf);
    const timer = waits.length > 0 ? clock.after(Math.max(1, Math.min(...waits)), woken.resolve) : undefined;
    await woken.promise;
    timer?.cancel();
    woken = Promise.withResolvers();
  };
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      const recording = next();
      if (!recording) {
        await idle();
        continue;
      }
      const begunMs = clock.monotonicMs();
      await attempt(recording);
      const restMs = Math.min(REST_MS + REST_SHARE * (clock.monotonicMs() - begunMs), MAX_REST_MS);
      await pause(clock, isFull ? LOOK_MS : restMs, signal);
    }
  };

  const stopLooking = model.onChange(() => woken.resolve());
  const running = run();
  return {
    copies,
    syncFault: async (fault, detail) => {
      const isComplete = await syncRecordings(heeding, fault, detail);
      await copies.remove(ranks.orphans());
      woken.resolve();
      return isComplete;
    },
    health: () => {
      const left = waiting().length;
      return {
        warnings: isFull && left > 0 ? [{ code: 'recording_copies_paused', message: FULL }] : [],
        blocks: {
          'x-medkit-recording-copies': {
            recordings: copies.all().filter(({ copied }) => copied).length,
            waiting: left,
            bytes: copies.bytes(),
            max_bytes: maxBytes,
            left_out_total: leftOutTotal,
          },
        },
      };
    },
    close: async () => {
      closing.abort();
      stopLooking();
      woken.resolve();
      await running;
    },
  };
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
