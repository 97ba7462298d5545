import type { Notice } from '@medkit/documents';
import type { Runtimes, TopicSampler, TopicsMeant } from '../sampler/topic-sampler.ts';
import { absoluteTopic } from './snapshot-topics.ts';

/** Topics that a warning lists at most. */
const MAX_LISTED = 5;

/** The topics that names of the configuration mean, which are as free as those of data are everywhere. */
export interface NamedTopics {
  /**
   * The topic that a name means to whoever reported a fault. Where that cannot be told, the one that it meant last, as of a
   * node that has died, or else the name below the root.
   */
  of(name: string, sources: readonly string[], runtimes?: Runtimes): string;
  /** The same, and nothing is said of it: it is asked again and again. */
  meant(name: string, sources: readonly string[]): string;
  /** Says which of these names are most likely wrong: those that are no topic, and like one that is there. */
  check(names: readonly string[]): void;
}

/** Of a name that means no topic, or several, it is said once, with the nearest. */
export function namedTopics({
  sampler,
  notice,
}: {
  readonly sampler: Pick<TopicSampler, 'topicsMeant'>;
  readonly notice: (notice: Notice) => void;
}): NamedTopics {
  // As many as names are configured, for each set of runtimes whose faults they were meant for.
  const last = new Map<string, string>();
  const warned = new Set<string>();
  const warn = (name: string, meant: TopicsMeant): void => {
    if (warned.has(name)) return;
    warned.add(name);
    notice({ level: 'warning', text: problemOf(name, meant) });
  };
  const topicOf = (
    name: string,
    { sources = [], runtimes }: { readonly sources?: readonly string[]; readonly runtimes?: Runtimes },
    unclear?: (meant: TopicsMeant) => void,
  ): string => {
    const meant = sampler.topicsMeant(name, sources, runtimes);
    const place = `${runtimes?.join() ?? ''} ${name}`;
    const [first, ...others] = meant?.topics ?? [];
    if (first !== undefined && others.length === 0) {
      last.set(place, first);
      return first;
    }
    const known = last.get(place) ?? last.get(` ${name}`);
    if (meant && known === undefined) unclear?.(meant);
    return known ?? absoluteTopic(name);
  };
  return {
    of: (name, sources, runtimes) => topicOf(name, { sources, runtimes }, (meant) => warn(name, meant)),
    meant: (name, sources) => topicOf(name, { sources }),
    check: (names) => {
      for (const name of names) {
        // Who reports a fault decides what is below a node, and which of several is meant.
        if (name.startsWith('~')) continue;
        topicOf(name, {}, (meant) => {
          if (meant.nearest !== undefined) warn(name, meant);
        });
      }
    },
  };
}

function problemOf(name: string, { topics, nearest }: TopicsMeant): string {
  if (topics.length > 0) {
    const listed = topics.slice(0, MAX_LISTED).join(', ');
    return `${name} is to be captured, and ${topics.length} topics end with it: give the full name of one: ${listed}`;
  }
  return `${name} is to be captured, and there is no such topic${nearest === undefined ? '' : `: did you mean ${nearest}?`}`;
}
