const INDENT = '  ';

/** Formats JSON for readers: an object or list stays on one line if it fits into `width` characters. */
export function jsonText(value: unknown, width = 110, margin = ''): string {
  const line = oneLine(value);
  if (margin.length + line.length <= width || typeof value !== 'object' || value === null) return line;
  const inner = margin + INDENT;
  const members = Array.isArray(value)
    ? value.map((item) => inner + jsonText(item, width, inner))
    : Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .map(([name, member]) => `${inner}${JSON.stringify(name)}: ${jsonText(member, width, inner)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${members.join(',\n')}\n${margin}${close}`;
}

function oneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}: ${oneLine(member)}`).join(', ')}}`;
}
