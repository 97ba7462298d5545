import type { LogSource } from '../logs/log-source.ts';
import type { TapProvider } from '../recordings/tap/tap-provider.ts';
import type { Runtimes, TopicSampler } from '../topic-sampler.ts';
import type { FaultRecords } from './fault-records.ts';

/** Sources of fault evidence. */
export interface EvidenceSources {
  readonly sampler: TopicSampler;
  readonly taps: TapProvider;
  readonly logs: LogSource;
  /** Absent if its faults are shown like those of a graph. */
  readonly records?: FaultRecords;
}

/** The sources of one joined runtime. */
export interface RuntimeSources extends EvidenceSources {
  readonly runtime: string;
  /** Aborted with a `RuntimeLeft` when the runtime leaves. */
  readonly removed: AbortSignal;
}

/** Returns the named runtimes among the joined ones, or all if none of them is joined. */
export function namedRuntimes(registered: readonly RuntimeSources[], runtimes: Runtimes): readonly RuntimeSources[] {
  const named = runtimes ? registered.filter(({ runtime }) => runtimes.includes(runtime)) : [];
  return named.length > 0 ? named : registered;
}

/** Returns the result of `work`; rejects with `RuntimeLeft` as soon as the runtime leaves, without waiting. */
export function untilLeft<T>(removed: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const leave = (): void => reject(removed.reason);
  if (removed.aborted) leave();
  removed.addEventListener('abort', leave, { once: true });
  work.then(resolve, reject).finally(() => removed.removeEventListener('abort', leave));
  return promise;
}
