import { shortened } from '@medkit/contract/bounds';

/** Maximum sections of a document, and maximum nesting of their values; the JSON contains the rest. */
const MAX_SECTIONS = 24;
const MAX_DEPTH = 3;
/** Maximum rows and columns of a section. */
const MAX_ROWS = 100;
const MAX_COLUMNS = 16;
/** Maximum characters of the name of a member. */
const MAX_NAME = 120;

type Members = Readonly<Record<string, unknown>>;

/** A part of a document of any shape: named values, or a list of objects with their members as columns. */
export type FindingSection = {
  /** Names of the members that lead to the part; empty for the document itself. */
  readonly path: readonly string[];
  /** Number of rows beyond the maximum. */
  readonly moreRows: number;
} & (
  | { readonly is: 'pairs'; readonly rows: readonly (readonly [name: string, value: unknown])[] }
  | {
      readonly is: 'table';
      readonly columns: readonly string[];
      readonly moreColumns: number;
      readonly rows: readonly Members[];
    }
);

export interface FindingSections {
  readonly sections: readonly FindingSection[];
  /** Number of sections beyond the maximum. */
  readonly more: number;
}

/** Divides a document into sections, the outermost first. A document that is a plain value, or empty, has none. */
export function sectionsOf(value: unknown): FindingSections {
  const sections: FindingSection[] = [];
  let more = 0;
  const add = (part: unknown, path: readonly string[]): void => {
    if (!isSection(part)) return;
    if (sections.length >= MAX_SECTIONS) {
      more += 1;
      return;
    }
    if (isTable(part)) {
      sections.push(tableOf(part, path));
      return;
    }
    const entries = Object.entries(part);
    const isNested = ([, member]: readonly [string, unknown]) => path.length < MAX_DEPTH && isSection(member);
    const pairs = entries.filter((entry) => !isNested(entry));
    if (pairs.length > 0) {
      const rows = pairs.slice(0, MAX_ROWS).map(([name, member]) => [shortened(name, MAX_NAME), member] as const);
      sections.push({ is: 'pairs', path, rows, moreRows: pairs.length - rows.length });
    }
    for (const [name, member] of entries.filter(isNested)) add(member, [...path, shortened(name, MAX_NAME)]);
  };
  add(value, []);
  return { sections, more };
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const isTable = (value: unknown): value is readonly Members[] =>
  Array.isArray(value) &&
  value.every((item) => isObject(item) && !Array.isArray(item)) &&
  value.some((item) => Object.keys(item).length > 0);

/** Returns whether a value needs a section; lists of plain values fit into one cell. */
function isSection(value: unknown): value is object {
  if (!isObject(value) || Object.keys(value).length === 0) return false;
  return !Array.isArray(value) || value.some(isObject);
}

function tableOf(items: readonly Members[], path: readonly string[]): FindingSection {
  const rows = items.slice(0, MAX_ROWS);
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const columns = names.slice(0, MAX_COLUMNS);
  return {
    is: 'table',
    path,
    columns,
    moreColumns: names.length - columns.length,
    rows,
    moreRows: items.length - rows.length,
  };
}
