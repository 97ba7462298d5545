import type { Node } from 'yaml';
import type { Located, LocatedEntry, LocatedMap, LocatedValue } from './located.ts';
import { DocumentRefused } from './notice.ts';
import { yaml } from './yaml.ts';

/**
 * Maximum document length in characters. The largest real documents, manifests of whole fleets, have some ten thousand
 * lines.
 */
const MAX_DOCUMENT_LENGTH = 1_048_576;
/** Maximum nesting. The deepest real documents, nested areas and script schemas, have about a dozen levels. */
const MAX_DEPTH = 32;
/** Maximum parts after aliases are expanded: a few lines of aliases can expand to billions. */
const MAX_PARTS = 500_000;
/** The YAML 1.1 merge key: its value is merged into the section that contains it. */
const MERGE_KEY = '<<';

/**
 * Reads a YAML document. Expands aliases and merge keys (`<<: *base`). An empty document is an empty value. Throws
 * `DocumentRefused` if the text is not YAML or too large.
 */
export function readYaml(text: string, file: string): Located {
  if (text.length > MAX_DOCUMENT_LENGTH) {
    throw new DocumentRefused([`${file}: more than ${MAX_DOCUMENT_LENGTH} characters`]);
  }
  const { isAlias, isMap, isSeq, LineCounter, parseDocument } = yaml();
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number) => `${file}:${lines.linePos(offset).line}`;
  if (document.errors.length > 0) {
    throw new DocumentRefused(document.errors.map(({ pos, message }) => `${place(pos[0])}: ${message}`));
  }

  let parts = 0;
  // An anchor precedes its aliases, so an alias can only refer to an anchor read so far.
  const anchors = new Map<string, Node>();
  const located = (node: unknown, inherited: string, depth: number): Located => {
    parts++;
    const offset = (node as Node | null)?.range?.[0];
    const at = offset === undefined ? inherited : place(offset);
    if (depth > MAX_DEPTH) throw new DocumentRefused([`${at}: more than ${MAX_DEPTH} levels`]);
    if (parts > MAX_PARTS) throw new DocumentRefused([`${at}: more than ${MAX_PARTS} parts`]);
    if (isAlias(node)) return located(anchors.get(node.source), at, depth + 1);
    const anchor = (node as Node | null)?.anchor;
    if (anchor !== undefined) anchors.set(anchor, node as Node);
    if (isSeq(node)) return { kind: 'list', at, items: node.items.map((item) => located(item, at, depth + 1)) };
    if (!isMap(node)) return scalarOf(node, at);
    const merged: LocatedMap[] = [];
    const entries = node.items.flatMap((pair): readonly LocatedEntry[] => {
      const key = located(pair.key, at, depth + 1);
      if (key.kind !== 'value') throw new DocumentRefused([`${key.at}: a name cannot be a section or a list`]);
      const value = located(pair.value, key.at, depth + 1);
      if (key.text !== MERGE_KEY || key.isQuoted) return [{ name: key.text, at: key.at, value }];
      merged.push(...mergedMaps(value, key.at));
      return [];
    });
    return { kind: 'map', at, entries: merged.length === 0 ? entries : withMerged(entries, merged) };
  };

  return located(document.contents, file, 0);
}

/** Returns the sections that a merge key refers to: one section or a list of them. */
function mergedMaps(value: Located, at: string): readonly LocatedMap[] {
  const named = value.kind === 'list' ? value.items : [value];
  return named.map((each) => {
    if (each.kind === 'map') return each;
    throw new DocumentRefused([`${at}: the merge key ${MERGE_KEY} takes a section, or a list of sections`]);
  });
}

/**
 * Returns the entries of a section plus merged entries that it does not define itself. If two merged sections define a
 * key, the first wins.
 */
function withMerged(entries: readonly LocatedEntry[], merged: readonly LocatedMap[]): readonly LocatedEntry[] {
  const names = new Set(entries.map(({ name }) => name));
  const all = [...entries];
  for (const map of merged) {
    for (const entry of map.entries) {
      if (names.has(entry.name)) continue;
      names.add(entry.name);
      all.push(entry);
    }
  }
  return all;
}

function scalarOf(node: unknown, at: string): LocatedValue {
  if (!yaml().isScalar(node)) return { kind: 'value', at, value: null, text: '' };
  const { value } = node;
  if (typeof value === 'string') {
    return { kind: 'value', at, value, text: value, ...(node.type !== 'PLAIN' && { isQuoted: true as const }) };
  }
  const plain = typeof value === 'number' || typeof value === 'boolean' || value === null ? value : String(value);
  return { kind: 'value', at, value: plain, text: node.source ?? String(value) };
}
