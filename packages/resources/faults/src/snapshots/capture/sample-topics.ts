import { type Clock, within } from '@medkit/edges';
import type { KeyedTopic } from '../../recordings/tap/tap-provider.ts';
import type { CapturedTopic } from '../../storage/pending-capture.ts';
import type { Runtimes, TopicSampler } from '../../topic-sampler.ts';
import { trimTopic } from '../frames/trim-topics.ts';

export interface SamplingOptions {
  readonly sampler: TopicSampler;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly maxMessageOctets: number;
  readonly signal: AbortSignal;
  readonly runtimes: Runtimes;
}

/** Messages of topics, and a text for each topic without one. */
export interface SampledTopics {
  readonly topics: readonly CapturedTopic[];
  readonly problems: readonly string[];
}

/** Waits for one message of each topic, for all of them concurrently. */
export async function sampleTopics(named: readonly KeyedTopic[], options: SamplingOptions): Promise<SampledTopics> {
  const answers = await Promise.all(named.map((topic) => sampleOne(topic, options)));
  return {
    topics: answers.filter((answer) => typeof answer !== 'string'),
    problems: answers.filter((answer) => typeof answer === 'string'),
  };
}

async function sampleOne(
  { name, runtime, key }: KeyedTopic,
  { sampler, clock, timeoutMs, maxMessageOctets, signal, ...options }: SamplingOptions,
): Promise<CapturedTopic | string> {
  const runtimes = runtime === undefined ? options.runtimes : [runtime];
  try {
    // A second timeout, since a pool slot that is never released would stop all captures.
    const sampling = sampler.sample(name, { timeoutMs, signal, ...(runtimes && { runtimes }) });
    const held = await within(clock, timeoutMs, sampling, () => undefined);
    return held === undefined
      ? `${key}: no message was received within ${timeoutMs / 1000} s`
      : trimTopic({ ...held, ...(runtime !== undefined && { runtime }) }, maxMessageOctets);
  } catch (error) {
    return `${key}: ${(error as Error).message}`;
  }
}
