import type { Node } from 'yaml';
import type { Located, LocatedValue } from './located.ts';
import { DocumentRefused } from './notice.ts';
import { yaml } from './yaml.ts';

/** Characters of a document. The largest, manifests of whole fleets, have some ten thousand lines; what is larger is another file. */
const MAX_DOCUMENT_LENGTH = 1_048_576;
/** Levels of a document; the deepest, areas within areas and the schemas of scripts, have some dozen. */
const MAX_DEPTH = 32;
/** Parts of a document with every alias written out: a few lines of aliases can stand for billions. */
const MAX_PARTS = 500_000;

/** Reads a YAML document, aliases followed. An empty one is an empty value. Throws `DocumentRefused` where it is not YAML, or too large. */
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
  // Anchors stand before their aliases, so those met so far are all that an alias can mean.
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
    const entries = node.items.map((pair) => {
      const key = located(pair.key, at, depth + 1);
      if (key.kind !== 'value') throw new DocumentRefused([`${key.at}: a name cannot be a section or a list`]);
      return { name: key.text, at: key.at, value: located(pair.value, key.at, depth + 1) };
    });
    return { kind: 'map', at, entries };
  };

  return located(document.contents, file, 0);
}

function scalarOf(node: unknown, at: string): LocatedValue {
  if (!yaml().isScalar(node)) return { kind: 'value', at, value: null, text: '' };
  const { value } = node;
  if (typeof value === 'string') return { kind: 'value', at, value, text: value };
  const plain = typeof value === 'number' || typeof value === 'boolean' || value === null ? value : String(value);
  return { kind: 'value', at, value: plain, text: node.source ?? String(value) };
}
