/**
 * As many of `lines` as have room within `max` characters, each whole: half of what was escaped would mean something else. That
 * there are more is told by three dots.
 */
export function wholeLines(lines: readonly string[], max: number): string {
  const text = lines.join('\n');
  if (text.length <= max) return text;
  let shown = lines.length - 1;
  const short = () => [...lines.slice(0, shown), '…'].join('\n');
  while (shown > 0 && short().length > max) shown -= 1;
  return short();
}
