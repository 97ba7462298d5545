import type { TopicSample } from './adapter.ts';

const NS_PER_S = 1_000_000_000n;
const MS_PER_S = 1000;
const NS_PER_MS = 1_000_000;

/** When a sample was published, according to its publisher. */
export type SourceTime = Pick<TopicSample, 'sourceSeconds' | 'sourceNanoseconds'>;

/** Returns nanoseconds since the epoch, or `undefined` if the publisher did not send the time. */
export function sourceNsOf({ sourceSeconds, sourceNanoseconds }: SourceTime): bigint | undefined {
  return sourceSeconds < 0 ? undefined : BigInt(sourceSeconds) * NS_PER_S + BigInt(sourceNanoseconds);
}

/** Returns milliseconds with a fraction, exact to a quarter of a microsecond. */
export function sourceMsOf({ sourceSeconds, sourceNanoseconds }: SourceTime): number | undefined {
  return sourceSeconds < 0 ? undefined : sourceSeconds * MS_PER_S + sourceNanoseconds / NS_PER_MS;
}
