/**
 * Joins as many of `lines` as fit into `max` characters. Keeps each line whole, because cutting an escape sequence
 * would change its meaning. Marks omitted lines with `…`.
 */
export function fitLines(lines: readonly string[], max: number): string {
  const text = lines.join('\n');
  if (text.length <= max) return text;
  let visible = lines.length - 1;
  const short = () => [...lines.slice(0, visible), '…'].join('\n');
  while (visible > 0 && short().length > max) visible -= 1;
  return short();
}
