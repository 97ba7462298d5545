import type { Notice } from '@medkit/documents';
import type { ResolvedTopics, Runtimes, TopicSampler } from '../../topic-sampler.ts';
import { absoluteTopic } from './snapshot-topics.ts';

/** Maximum topics listed in a warning. */
const MAX_LISTED = 5;

/** Resolves configured topic names, by the rules for data names. */
export interface NamedTopics {
  /**
   * Resolves a name for the reporters of a fault. If that fails, for example because a node has died, returns the last
   * topic it resolved to, or else the name in the root namespace.
   */
  of(name: string, sources: readonly string[], runtimes?: Runtimes): string;
  /** Resolves a name like `of`, without warnings, for repeated calls. */
  resolve(name: string, sources: readonly string[]): string;
  /** Warns about names that are probably wrong: those that are no topic but similar to one. */
  check(names: readonly string[]): void;
}

/**
 * Creates the resolver. It warns once about each name that resolves to no topic or to several, with the nearest topic.
 */
export function namedTopics({
  sampler,
  notice,
}: {
  readonly sampler: Pick<TopicSampler, 'resolveTopics'>;
  readonly notice: (notice: Notice) => void;
}): NamedTopics {
  // Last topic by name and by the runtimes of the reporters; bounded by the number of configured names.
  const last = new Map<string, string>();
  const warned = new Set<string>();
  const warn = (name: string, resolved: ResolvedTopics): void => {
    if (warned.has(name)) return;
    warned.add(name);
    notice({ level: 'warning', text: problemOf(name, resolved) });
  };
  const topicOf = (
    name: string,
    { sources = [], runtimes }: { readonly sources?: readonly string[]; readonly runtimes?: Runtimes },
    unclear?: (resolved: ResolvedTopics) => void,
  ): string => {
    const resolved = sampler.resolveTopics(name, sources, runtimes);
    const place = `${runtimes?.join() ?? ''} ${name}`;
    const [first, ...others] = resolved?.topics ?? [];
    if (first !== undefined && others.length === 0) {
      last.set(place, first);
      return first;
    }
    const known = last.get(place) ?? last.get(` ${name}`);
    if (resolved && known === undefined) unclear?.(resolved);
    return known ?? absoluteTopic(name);
  };
  return {
    of: (name, sources, runtimes) => topicOf(name, { sources, runtimes }, (resolved) => warn(name, resolved)),
    resolve: (name, sources) => topicOf(name, { sources }),
    check: (names) => {
      for (const name of names) {
        // A name below a node, or an ambiguous name, depends on the reporter.
        if (name.startsWith('~')) continue;
        topicOf(name, {}, (resolved) => {
          if (resolved.nearest !== undefined) warn(name, resolved);
        });
      }
    },
  };
}

function problemOf(name: string, { topics, nearest }: ResolvedTopics): string {
  if (topics.length > 0) {
    const listed = topics.slice(0, MAX_LISTED).join(', ');
    return `Cannot capture ${name}: ${topics.length} topics end with this name. Use the full name of one: ${listed}`;
  }
  return `Cannot capture ${name}: the topic does not exist${nearest === undefined ? '' : `: did you mean ${nearest}?`}`;
}
