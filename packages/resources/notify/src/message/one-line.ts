/** A text of the robot, fit for one line of a message: it may say anything. */
export function oneLine(text: string): string {
  return text.replaceAll(/[^\P{C} ]+|\s+/gu, ' ').trim();
}

/** `text` with no more than `max` characters as receivers count them, in UTF-16; what is cut off is told by three dots. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const end = text.slice(0, max - 1);
  // No half of a character.
  return `${/[\uD800-\uDBFF]$/.test(end) ? end.slice(0, -1) : end}…`;
}

/** The same by octets of UTF-8. */
export function cutOctets(text: string, max: number): string {
  if (Buffer.byteLength(text) <= max) return text;
  let short = text;
  while (Buffer.byteLength(short) > max - 3) short = cut(short, Math.min(short.length - 1, max));
  return short.endsWith('…') ? short : `${short}…`;
}
