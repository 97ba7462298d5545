/** What a ring may hold. */
export interface RingBounds {
  /** How long a sample is kept, unless something below drops it earlier. */
  readonly windowMs: number;
  /** What all samples may weigh together, latched ones included. */
  readonly maxWeight: number;
  /** What the samples of one topic may weigh within the window: one camera is not to drive all others out. */
  readonly maxTopicWeight: number;
  /** What latched samples from before the window may weigh together; beside them there is room for all of one topic. */
  readonly maxLatchedWeight: number;
  readonly maxSamples: number;
}

/** Share of the memory that one topic may have. */
const TOPIC_SHARE = 0.5;
/** Share of the memory for latched samples: the largest of them are maps, of some megabytes. */
const LATCHED_SHARE = 0.25;
/** 1,000 topics of 100 Hz for five seconds. */
const MAX_SAMPLES = 500_000;

/** Octets that a sample takes besides its data: its object, its view, and its place in the ring. */
const SAMPLE_OVERHEAD = 256;

/** What a sample weighs, in octets of memory. */
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
