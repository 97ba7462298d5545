import type { Notice } from '@medkit/documents';
import type { Clock } from '@medkit/edges';
import type { NumberedCapture } from '../../storage/pending-capture.ts';
import type { SnapshotStorage } from '../../storage/snapshot-storage.ts';
import { type FrameRules, topicFrame } from '../frames/topic-frame.ts';
import type { CaptureWriter, OpenCapture } from './capture-writer.ts';

/** Time to wait for message types, which become known when their nodes are discovered after a start. */
const PATIENCE_MS = 60_000;
const RETRY_MS = 5000;

const INTERRUPTED = 'the gateway was stopped before this capture was complete';

export interface LostCapturesOptions {
  readonly storage: SnapshotStorage;
  readonly writer: CaptureWriter;
  readonly rules: FrameRules;
  /** Returns whether the topics of a fault are configured. */
  readonly isConfigured: (faultCode: string) => boolean;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly notice: (notice: Notice) => void;
}

/**
 * Completes captures that an earlier process began: stores the messages buffered at the confirmation, marked as
 * incomplete. What cannot be stored now is retried at the next start.
 */
export async function completeLostCaptures(
  lost: readonly NumberedCapture[],
  options: LostCapturesOptions,
): Promise<void> {
  const { writer, isConfigured, clock, signal } = options;
  const endMs = clock.monotonicMs() + PATIENCE_MS;
  let rest = lost.map((capture): OpenCapture => ({ ...capture, configured: isConfigured(capture.faultCode) }));
  for (const capture of rest) writer.open(capture);
  while (rest.length > 0 && !signal.aborted) {
    const isLast = clock.monotonicMs() >= endMs;
    const later: OpenCapture[] = [];
    for (const capture of rest) {
      if (!signal.aborted && !(await complete(capture, isLast, options))) later.push(capture);
    }
    rest = later;
    if (rest.length > 0) await pause(clock, RETRY_MS, signal);
  }
}

/** Returns false if a type is unknown and may become known later. */
async function complete(capture: OpenCapture, isLast: boolean, options: LostCapturesOptions): Promise<boolean> {
  const { storage, writer, rules, notice } = options;
  try {
    const held = await storage.held(capture.captureId);
    // The fault was cleared, so nothing of its capture is left on disk.
    if (!writer.isWanted(capture)) return true;
    const frames = await Promise.all(held.map((topic) => topicFrame(topic, rules)));
    if (!isLast && frames.some(({ isForeign }) => isForeign)) return false;
    await writer.enter(capture, { frames, problems: [], flaw: INTERRUPTED });
  } catch (error) {
    const text = `the incomplete snapshots of ${capture.faultCode} could not be stored: ${(error as Error).message}`;
    notice({ level: 'error', text });
  }
  return true;
}

/** Waits; ends early if `signal` is aborted. */
function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = (): void => {
    timer.cancel();
    signal.removeEventListener('abort', end);
    resolve();
  };
  const timer = clock.after(ms, end);
  if (signal.aborted) end();
  else signal.addEventListener('abort', end);
  return promise;
}
