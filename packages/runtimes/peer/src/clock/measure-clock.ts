import { PEER_HEADERS, PEER_PATHS } from '@medkit/contract';
import { parseJson } from '@medkit/core';
import { type Clock, pause } from '@medkit/edges';
import type { PeerLink } from '../peer-link.ts';
import { type KnownClock, withMeasurement } from './clock-history.ts';
import { type ClockSample, sampleOf } from './clock-offset.ts';

/** Measurements of a new gateway, of which the shortest round trip is used. */
const FIRST_LOOKS = 4;
const FIRST_LOOK_MS = 250;
/** Interval of later measurements; determines how late a set clock is noticed. */
const LOOK_MS = 30_000;
/** Maximum time that a `Date` can represent. */
const MAX_TIME_MS = 8.64e15;

interface Measuring {
  readonly link: PeerLink;
  readonly clock: Clock;
  /** The unique name of this gateway. */
  readonly via: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Measures the clock of a gateway repeatedly until `signal` is aborted; pauses while it is offline. */
export async function measureClock(
  options: Measuring,
  isThere: () => boolean,
  known: () => KnownClock,
  onKnown: (known: KnownClock) => void,
): Promise<void> {
  const { clock, signal } = options;
  let looks = 0;
  while (!signal.aborted) {
    const sample = isThere() ? await lookAt(options).catch(() => undefined) : undefined;
    // Missing answers are reported elsewhere.
    if (sample) onKnown(withMeasurement(known(), sample));
    looks = isThere() ? looks + 1 : 0;
    await pause(clock, looks < FIRST_LOOKS ? FIRST_LOOK_MS : LOOK_MS, signal);
  }
}

/** Requests the health document, which contains the time; ros2_medkit provides it to the nanosecond, too. */
async function lookAt({ link, clock, via, timeoutMs, signal }: Measuring): Promise<ClockSample | undefined> {
  const requestedMs = clock.wallMs();
  const begunMs = clock.monotonicMs();
  const { status, text } = await link.document({
    method: 'GET',
    path: PEER_PATHS.clock,
    headers: { accept: 'application/json', [PEER_HEADERS.localOnly]: '1', [PEER_HEADERS.via]: via },
    timeoutMs,
    signal,
  });
  const tookMs = clock.monotonicMs() - begunMs;
  const { timestamp } = Object(status === 200 ? parseJson(text) : undefined) as { readonly timestamp?: unknown };
  const theirMs = typeof timestamp === 'bigint' || typeof timestamp === 'number' ? Number(timestamp) / 1e6 : Number.NaN;
  return theirMs > 0 && theirMs < MAX_TIME_MS ? sampleOf({ requestedMs, tookMs, theirMs }) : undefined;
}
