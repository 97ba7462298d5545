/** Contents of a checklist document: for each id, whether it is tested or why it is left out. */
export interface Checklist {
  readonly tested: readonly string[];
  /** Reasons by id. */
  readonly leftOut: ReadonlyMap<string, string>;
}

/** `L06`, or a numbered table such as `4.1`. */
const ID = /(?:[A-Z]\d\d|4\.\d{1,2})/;
const WHOLE_ID = new RegExp(`^${ID.source}$`);
const ROW = new RegExp(String.raw`^\| (${ID.source}) \| (.+) \|$`);
const LEFT_OUT = '## Left out';

/** Reads the tables of a checklist. Throws if an id occurs twice. */
export function readChecklist(markdown: string): Checklist {
  const rows = new Map<string, string>();
  const leftOut = new Map<string, string>();
  let section = '';
  for (const line of markdown.split('\n')) {
    if (line.startsWith('## ')) section = line;
    const [, id, text] = ROW.exec(line) ?? [];
    if (id === undefined || text === undefined) continue;
    if (rows.has(id)) throw new Error(`${id} is there twice`);
    rows.set(id, text);
    if (section === LEFT_OUT) leftOut.set(id, text);
  }
  return { tested: [...rows.keys()].filter((id) => !leftOut.has(id)), leftOut };
}

/** The name of a test or of a group of tests, if it is a literal. */
const NAMES = /\b(?:it|test|describe|suite|peerSuite)\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1/g;
/**
 * Prefix of a test name: case numbers, such as `L06, 2.4: …`, also after a template expression: `${vendor}: B27: …`.
 */
const BEGIN = /^(?:\$\{\w+\}:? )?((?:[\w.]+, )*[\w.]+):/;
/** Test names that begin with an id taken from a table, and the ids in such tables. */
const FROM_TABLE = /^\$\{id\}:/;
const IN_TABLE = new RegExp(`'(${ID.source})'`, 'g');

/** The names of the tests of a source file, and of its groups of tests. */
export function namesOfTests(source: string): readonly string[] {
  return [...source.matchAll(NAMES)].map(([, , name = '']) => name);
}

/** Ids in the names of the tests of a source file. */
export function idsOfTests(source: string): readonly string[] {
  const names = namesOfTests(source);
  const written = names.flatMap((name) => BEGIN.exec(name)?.[1]?.split(', ') ?? []);
  const tabled = names.some((name) => FROM_TABLE.test(name))
    ? [...source.matchAll(IN_TABLE)].map(([, id = '']) => id)
    : [];
  return [...written, ...tabled].filter((word) => WHOLE_ID.test(word));
}
