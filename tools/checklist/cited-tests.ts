import { namesOfTests } from './checklist.ts';

/** A case of a checklist that cites its tests. */
export interface CitingCase {
  readonly id: string;
  readonly citations: readonly Citation[];
}

/** A test: its file, relative to the checklist, and a part of its name. */
export interface Citation {
  readonly file: string;
  readonly name: string;
}

const ROW = /^\| (D\d\.\d+-[a-z]{1,2}) \| .+ \| (.+) \|$/;
const CITATION = /^\[[\w-]+\]\(([^)]+)\): (.+)$/;
const LEFT_OUT = '## Left out';

/** Returns the cases of a checklist that are not left out. Throws if an id occurs twice or a row cites no test. */
export function readCitations(markdown: string): readonly CitingCase[] {
  const ids = new Set<string>();
  const cases: CitingCase[] = [];
  let isLeftOut = false;
  for (const line of markdown.split('\n')) {
    if (line.startsWith('## ')) isLeftOut = line === LEFT_OUT;
    const [, id, cell] = ROW.exec(line) ?? [];
    if (id === undefined || cell === undefined) continue;
    if (ids.has(id)) throw new Error(`${id} is there twice`);
    ids.add(id);
    if (!isLeftOut) cases.push({ id, citations: cell.split('<br>').map((text) => readCitation(id, text)) });
  }
  return cases;
}

function readCitation(id: string, text: string): Citation {
  const [, file, name] = CITATION.exec(text) ?? [];
  if (file === undefined || name === undefined) throw new Error(`${id} cites no test: ${text}`);
  return { file, name };
}

/** Returns the names of tests in a source file that are marked as pinned by the reference implementation (`[edge`). */
export function markedTests(source: string): readonly string[] {
  return namesOfTests(source).filter((name) => name.includes('[edge'));
}
