/** Characters that take two columns (East Asian Width W and F), as ranges of code points. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x20000, 0x3fffd],
];
const EMOJI = /\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F/u;
/** Combining and format characters without width. */
const INVISIBLE = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;
const PLAIN = /^[\x20-\x7e]*$/;

/** Created on first use: creating it takes as long as a request. */
let segmenter: Intl.Segmenter | undefined;

function graphemes(text: string): Iterable<Intl.SegmentData> {
  segmenter ??= new Intl.Segmenter('und', { granularity: 'grapheme' });
  return segmenter.segment(text);
}

function widthOf(grapheme: string): number {
  if (INVISIBLE.test(grapheme)) return 0;
  const code = grapheme.codePointAt(0) ?? 0;
  return EMOJI.test(grapheme) || WIDE.some(([from, to]) => code >= from && code <= to) ? 2 : 1;
}

/** Returns the width of `text` in terminal columns. `text` is one line without control characters. */
export function displayWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes(text)) width += widthOf(segment);
  return width;
}

/** Cuts `text` to this many columns, at character boundaries; `…` marks the cut. */
export function cutToWidth(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  let width = 1;
  let fitting = '';
  for (const { segment } of graphemes(text)) {
    width += widthOf(segment);
    if (width > columns) break;
    fitting += segment;
  }
  return columns < 1 ? '' : `${fitting}…`;
}

/** Returns the text on one line without control characters: names and messages are untrusted. */
export function plainLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ');
}

/** Removes control characters from a multi-line text if the output is a terminal; otherwise returns it unchanged. */
export function forTerminal(text: string, stream: { readonly isTTY?: boolean } = process.stdout): string {
  return stream.isTTY ? text.replaceAll(/(?![\n\t])\p{Cc}/gu, ' ') : text;
}
