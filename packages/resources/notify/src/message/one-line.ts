/** Makes a text of the robot fit for one line of a message: replaces control characters and whitespace. */
export function oneLine(text: string): string {
  return text.replaceAll(/[^\P{C} ]+|\s+/gu, ' ').trim();
}

/** Truncates `text` to `max` UTF-16 units, the unit in which receivers count, and marks the cut with `…`. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const end = text.slice(0, max - 1);
  // Does not split a surrogate pair.
  return `${/[\uD800-\uDBFF]$/.test(end) ? end.slice(0, -1) : end}…`;
}

/** Like `cut`, but counts bytes of UTF-8. */
export function cutOctets(text: string, max: number): string {
  if (Buffer.byteLength(text) <= max) return text;
  let short = text;
  while (Buffer.byteLength(short) > max - 3) short = cut(short, Math.min(short.length - 1, max));
  return short.endsWith('…') ? short : `${short}…`;
}
