import type { LogSource } from '../logs/log-source.ts';
import type { TapProvider } from '../recordings/tap/tap-provider.ts';
import type { Runtimes, TopicSampler } from '../snapshots/sampler/topic-sampler.ts';
import type { FaultRecords } from './fault-records.ts';

/** Where the evidence of faults comes from. */
export interface EvidenceSources {
  readonly sampler: TopicSampler;
  readonly taps: TapProvider;
  readonly logs: LogSource;
  /** Absent where its faults are shown as those of a graph. */
  readonly records?: FaultRecords;
}

/** Why something of a runtime cannot be had: the runtime was there when it was asked for, and is no more. */
export class RuntimeLeft extends Error {
  constructor(runtime: string) {
    super(`the runtime ${runtime} left meanwhile`);
    this.name = 'RuntimeLeft';
  }
}

/** The sources of one runtime, for as long as it is there. */
export interface JoinedSources extends EvidenceSources {
  readonly runtime: string;
  /** Aborted with a `RuntimeLeft` when the runtime leaves. */
  readonly left: AbortSignal;
}

/** Of those that are there the ones that are named; all where none of them is. */
export function namedRuntimes(joined: readonly JoinedSources[], runtimes: Runtimes): readonly JoinedSources[] {
  const own = runtimes ? joined.filter(({ runtime }) => runtimes.includes(runtime)) : [];
  return own.length > 0 ? own : joined;
}

/** What `work` gives; rejects with `RuntimeLeft` as soon as the runtime leaves, and waits for nothing then. */
export function whileThere<T>(left: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const leave = (): void => reject(left.reason);
  if (left.aborted) leave();
  left.addEventListener('abort', leave, { once: true });
  work.then(resolve, reject).finally(() => left.removeEventListener('abort', leave));
  return promise;
}
