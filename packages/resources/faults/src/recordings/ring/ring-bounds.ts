/** Bounds of a ring. */
export interface RingBounds {
  /** Maximum age of a sample in the window. */
  readonly windowMs: number;
  /** Maximum weight of all samples, including latched ones. */
  readonly maxWeight: number;
  /** Maximum weight of one topic in the window, so that a camera does not displace all other topics. */
  readonly maxTopicWeight: number;
  /** Maximum weight of latched samples from before the window; it leaves room for the full share of one topic. */
  readonly maxLatchedWeight: number;
  readonly maxSamples: number;
}

/** Fraction of the memory for one topic. */
const TOPIC_SHARE = 0.5;
/** Fraction of the memory for latched samples; the largest are maps of some megabytes. */
const LATCHED_SHARE = 0.25;
/** 1,000 topics of 100 Hz for five seconds. */
const MAX_SAMPLES = 500_000;

/** Memory of a sample besides its data: its object, its view, and its links in the ring; bytes. */
const SAMPLE_OVERHEAD = 256;

/** Returns the memory of a sample, bytes. */
export const weightOf = ({ octets }: { readonly octets: Uint8Array }): number => octets.length + SAMPLE_OVERHEAD;

/** @param maxOctets memory for the whole ring */
export function ringBounds(windowMs: number, maxOctets: number): RingBounds {
  return {
    windowMs,
    maxWeight: maxOctets,
    maxTopicWeight: Math.floor(maxOctets * TOPIC_SHARE),
    maxLatchedWeight: Math.floor(maxOctets * LATCHED_SHARE),
    maxSamples: MAX_SAMPLES,
  };
}
