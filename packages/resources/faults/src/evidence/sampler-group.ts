import type { BufferedTopic, Runtimes, SampledJson, SampleOptions, TopicSampler } from '../topic-sampler.ts';
import { namedRuntimes, type RuntimeSources, untilLeft } from './evidence-sources.ts';

/** The samplers of all joined runtimes, combined. */
export interface SamplerGroup extends TopicSampler {
  /** Makes a joining runtime watch what is already watched. */
  addSampler(sampler: TopicSampler): void;
}

/** @param registered returns the currently joined runtimes */
export function samplerGroup(registered: () => readonly RuntimeSources[]): SamplerGroup {
  let watched: Parameters<TopicSampler['watch']> | undefined;
  const first = <T>(those: readonly RuntimeSources[], ask: (sampler: TopicSampler) => T | undefined): T | undefined => {
    for (const { sampler } of those) {
      const answer = ask(sampler);
      if (answer !== undefined) return answer;
    }
    return undefined;
  };
  return {
    addSampler: (sampler) => {
      if (watched) sampler.watch(...watched);
    },
    watch: (topics, historyMs) => {
      watched = topics.length > 0 ? [topics, historyMs] : undefined;
      for (const { sampler } of registered()) sampler.watch(topics, historyMs);
    },
    held: (topic, runtimes) => first(sourcesWithTopic(topic, registered(), runtimes), (sampler) => sampler.held(topic)),
    sample: (topic, options) => sampleOf(sourcesWithTopic(topic, registered(), options.runtimes), topic, options),
    ownersOf: (topic, runtimes) => {
      const owners = runtimes ? ownersOf(topic, registered(), runtimes) : [];
      return owners.length > 1 ? owners.map(({ runtime }) => runtime) : [];
    },
    publishedBy: (source, runtimes) =>
      first(namedRuntimes(registered(), runtimes), (sampler) => sampler.publishedBy(source)),
    resolveTopics: (name, sources, runtimes) => {
      const resolutions = namedRuntimes(registered(), runtimes).flatMap(
        ({ sampler }) => sampler.resolveTopics(name, sources) ?? [],
      );
      const [only, ...others] = resolutions;
      if (only === undefined || others.length === 0) return only;
      const topics = [...new Set(resolutions.flatMap((each) => each.topics))];
      const nearest = resolutions.find((each) => each.nearest !== undefined)?.nearest;
      return { topics, ...(topics.length === 0 && nearest !== undefined && { nearest }) };
    },
    decode: async (type, octets): Promise<SampledJson | undefined> => {
      for (const { sampler, removed } of registered()) {
        const value = await untilLeft(removed, sampler.decode(type, octets));
        if (value !== undefined) return value;
      }
      return undefined;
    },
  };
}

/** Returns the named runtimes that have the topic, or all joined ones if none of them does. */
function sourcesWithTopic(
  topic: string,
  registered: readonly RuntimeSources[],
  runtimes: Runtimes,
): readonly RuntimeSources[] {
  if (registered.length < 2 || !runtimes) return registered;
  const owners = ownersOf(topic, registered, runtimes);
  return owners.length > 0 ? owners : registered;
}

function ownersOf(
  topic: string,
  registered: readonly RuntimeSources[],
  runtimes: readonly string[],
): readonly RuntimeSources[] {
  return registered.filter(
    ({ runtime, taps }) => runtimes.includes(runtime) && taps.topics().some(({ name }) => name === topic),
  );
}

/** Returns the first message of the topic from any runtime. Rejects if no runtime is joined or one left meanwhile. */
async function sampleOf(
  registered: readonly RuntimeSources[],
  topic: string,
  { timeoutMs, signal }: SampleOptions,
): Promise<BufferedTopic | undefined> {
  if (registered.length === 0) throw new Error('no runtime has topics');
  const settled = new AbortController();
  const samples = registered.map(async ({ sampler, removed }) => {
    const until = AbortSignal.any([signal, removed, settled.signal]);
    const held = await untilLeft(removed, sampler.sample(topic, { timeoutMs, signal: until }));
    // `any` must resolve only with a message.
    if (held === undefined) throw new NoMessage();
    return held;
  });
  try {
    return await Promise.any(samples);
  } catch (error) {
    const failures = (error as AggregateError).errors.filter((each) => !(each instanceof NoMessage));
    if (failures.length > 0) throw failures[0];
    return undefined;
  } finally {
    settled.abort();
  }
}

class NoMessage extends Error {}
