import { type Clock, within } from '@medkit/edges';
import type { KeptTopic } from '../../storage/pending-capture.ts';
import { keepTopic } from '../frames/keep-held.ts';
import type { Runtimes, TopicSampler } from '../sampler/topic-sampler.ts';

export interface SamplingOptions {
  readonly sampler: TopicSampler;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly maxMessageOctets: number;
  readonly signal: AbortSignal;
  readonly runtimes: Runtimes;
}

/** What came over topics, and a text for each of which nothing came. */
export interface SampledTopics {
  readonly topics: readonly KeptTopic[];
  readonly problems: readonly string[];
}

/** Waits for one message of each topic, for all of them at the same time and no longer than for one. */
export async function sampleTopics(names: readonly string[], options: SamplingOptions): Promise<SampledTopics> {
  const answers = await Promise.all(names.map((name) => sampleOne(name, options)));
  return {
    topics: answers.filter((answer) => typeof answer !== 'string'),
    problems: answers.filter((answer) => typeof answer === 'string'),
  };
}

async function sampleOne(
  name: string,
  { sampler, clock, timeoutMs, maxMessageOctets, signal, runtimes }: SamplingOptions,
): Promise<KeptTopic | string> {
  try {
    // A second limit, since a place in the pool that is never given back would end all captures.
    const sampling = sampler.sample(name, { timeoutMs, signal, ...(runtimes && { runtimes }) });
    const held = await within(clock, timeoutMs, sampling, () => undefined);
    return held === undefined
      ? `${name}: nothing came within ${timeoutMs / 1000} s`
      : keepTopic(held, maxMessageOctets);
  } catch (error) {
    return `${name}: ${(error as Error).message}`;
  }
}
