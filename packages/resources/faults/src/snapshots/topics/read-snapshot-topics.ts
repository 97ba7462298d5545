import {
  DocumentRefused,
  entryOf,
  isAuthorKey,
  type Located,
  type LocatedMap,
  type Notice,
  readYaml,
} from '@medkit/documents';
import { patternMatcher } from '../pattern/pattern-matcher.ts';
import { readTopicMeanings } from './read-topic-meanings.ts';
import {
  MAX_TOPICS_PER_CAPTURE,
  NO_SNAPSHOT_TOPICS,
  type SnapshotTopics,
  type TopicsOfPattern,
} from './snapshot-topics.ts';

/** Usable topics, and a notice for everything that is used differently than written. */
export interface SnapshotTopicsReading {
  readonly topics: SnapshotTopics;
  readonly notices: readonly Notice[];
}

/** Maximum patterns; each confirmed fault is compared with all. */
const MAX_PATTERNS = 1000;

/** Reads a list of topics; returns `undefined` if it is no list. */
function topicsOf(what: string, located: Located, notices: Notice[]): readonly string[] | undefined {
  const items = located.kind === 'list' ? located.items : undefined;
  const names = items?.map((item) =>
    item.kind === 'value' && typeof item.value === 'string' ? item.value : undefined,
  );
  if (names === undefined || names.includes(undefined)) {
    notices.push({ level: 'error', text: `${located.at}: ${what} must be a list of topics; it is ignored` });
    return undefined;
  }
  const named = names.map(String).filter((name) => name !== '');
  if (named.length > MAX_TOPICS_PER_CAPTURE) {
    const text = `${located.at}: ${what} has ${named.length} topics, the first ${MAX_TOPICS_PER_CAPTURE} are captured`;
    notices.push({ level: 'warning', text });
  }
  return named.slice(0, MAX_TOPICS_PER_CAPTURE);
}

function readLists(
  map: LocatedMap,
  section: string,
  notices: Notice[],
): readonly { readonly name: string; readonly at: string; readonly topics: readonly string[] }[] {
  const found = entryOf(map, section);
  if (found === undefined || (found.kind === 'value' && found.value === null)) return [];
  if (found.kind !== 'map') {
    notices.push({ level: 'error', text: `${found.at}: ${section} must be a section of lists; it is ignored` });
    return [];
  }
  return found.entries.flatMap(({ name, at, value }) => {
    const topics = topicsOf(`${section}: ${name}`, value, notices);
    return topics === undefined ? [] : [{ name, at, topics }];
  });
}

function readPatterns(map: LocatedMap, notices: Notice[]): readonly TopicsOfPattern[] {
  const lists = readLists(map, 'patterns', notices);
  if (lists.length > MAX_PATTERNS) {
    const text = `${lists[MAX_PATTERNS].at}: more than ${MAX_PATTERNS} patterns, this pattern and all later ones are ignored`;
    notices.push({ level: 'error', text });
  }
  return lists.slice(0, MAX_PATTERNS).flatMap(({ name, at, topics }) => {
    try {
      return [{ matches: patternMatcher(name), topics }];
    } catch (error) {
      const text = `${at}: the pattern ${name} cannot be used: ${(error as Error).message}; it is ignored`;
      notices.push({ level: 'error', text });
      return [];
    }
  });
}

const SECTIONS = ['fault_specific', 'patterns', 'default_topics', 'topics'];

function readDocument(text: string, file: string, notices: Notice[]): SnapshotTopics {
  const root = readYaml(text, file);
  if (root.kind !== 'map') throw new DocumentRefused([`${root.at}: expected ${SECTIONS.join(', ')}`]);
  for (const { name, at } of root.entries) {
    if (!SECTIONS.includes(name) && !isAuthorKey(name))
      notices.push({ level: 'warning', text: `${at}: ${name} is unknown and is ignored` });
  }
  const byDefault = entryOf(root, 'default_topics');
  return {
    byCode: new Map(readLists(root, 'fault_specific', notices).map(({ name, topics }) => [name, topics])),
    byPattern: readPatterns(root, notices),
    byDefault: (byDefault && topicsOf('default_topics', byDefault, notices)) ?? [],
    meanings: readTopicMeanings(root, notices),
  };
}

/**
 * Reads the file `snapshots.config_file`; `text` is `undefined` if it does not exist. Errors are reported and the wrong
 * entries skipped, because a capture of some topics is better than none.
 */
export function readSnapshotTopics(text: string | undefined, file: string): SnapshotTopicsReading {
  const notices: Notice[] = [];
  const without = (problems: readonly string[]): SnapshotTopicsReading => ({
    topics: NO_SNAPSHOT_TOPICS,
    notices: problems.map((problem) => ({ level: 'error', text: `${problem}; no topics of snapshots are configured` })),
  });
  if (text === undefined) return without([`${file} does not exist`]);
  try {
    return { topics: readDocument(text, file, notices), notices };
  } catch (error) {
    if (error instanceof DocumentRefused) return without(error.lines);
    throw error;
  }
}
