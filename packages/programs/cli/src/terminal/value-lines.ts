import { plainLine } from './display-width.ts';

/** Maximum number of printed list items: a scan has hundreds, an image a million. */
const MAX_ITEMS = 16;
/** Maximum number of printed characters of a text. */
const MAX_TEXT = 2000;
const MAX_DEPTH = 32;

/** Formats a message or service response similar to YAML. */
export function valueLines(value: unknown, indent = '', depth = 0): readonly string[] {
  if (!isNested(value)) return [`${indent}${scalar(value)}`];
  if (depth >= MAX_DEPTH) return [`${indent}…`];
  const members = Array.isArray(value)
    ? firstItems(value).map((item) => [undefined, item] as const)
    : Object.entries(value as object);
  const lines = members.flatMap(([name, member]) => memberLines(name, member, indent, depth));
  return Array.isArray(value) && value.length > MAX_ITEMS
    ? [...lines, `${indent}# … ${value.length - MAX_ITEMS} more`]
    : lines;
}

function memberLines(name: string | undefined, member: unknown, indent: string, depth: number): readonly string[] {
  const key = name === undefined ? '-' : `${plainLine(name)}:`;
  if (!isNested(member)) return [`${indent}${key} ${scalar(member)}`];
  const inner = valueLines(member, `${indent}  `, depth + 1);
  // The first line of an item follows its dash.
  return name === undefined
    ? [`${indent}- ${inner[0]?.trimStart() ?? ''}`, ...inner.slice(1)]
    : [`${indent}${key}`, ...inner];
}

/** Formats a scalar, or a list of scalars on one line. */
function scalar(value: unknown): string {
  if (Array.isArray(value)) {
    const more = value.length > MAX_ITEMS ? `, … ${value.length - MAX_ITEMS} more` : '';
    return `[${firstItems(value).map(scalar).join(', ')}${more}]`;
  }
  if (typeof value === 'object' && value !== null) return '{}';
  if (typeof value !== 'string') return String(value);
  const text = value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value;
  return text === '' ? "''" : plainLine(text);
}

function firstItems(list: readonly unknown[]): readonly unknown[] {
  return list.slice(0, MAX_ITEMS);
}

function isNested(value: unknown): boolean {
  if (Array.isArray(value)) return firstItems(value).some((item) => typeof item === 'object' && item !== null);
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}
