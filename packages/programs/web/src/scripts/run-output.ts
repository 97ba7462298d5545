/** Maximum lines of output that the page renders; a megabyte of short lines would block the browser. */
const MAX_LINES = 2000;
/** Maximum characters that the page renders, for output without line ends. */
const MAX_CHARS = 200_000;

/** Control sequences of terminals: colours and cursor movements (ECMA-48), titles and links (OSC). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it matches.
const CONTROL_SEQUENCES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[ -/]*[0-~])/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it matches.
const CONTROL_CHARACTERS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

/**
 * Returns the output as a terminal would show it without colours: removes control sequences, and lines that a carriage
 * return replaced, such as those of a progress display.
 */
export function plainOutput(text: string): string {
  const plain = text.replaceAll(CONTROL_SEQUENCES, '').replaceAll('\r\n', '\n');
  const lines = plain.includes('\r') ? plain.split('\n').map(lastDrawn) : undefined;
  return (lines?.join('\n') ?? plain).replaceAll(CONTROL_CHARACTERS, '');
}

/** Returns the text after the last carriage return that is followed by text. */
const lastDrawn = (line: string): string => line.replace(/\r+$/, '').split('\r').at(-1) ?? '';

/** The end of an output, with the number of lines before it that are left out. */
export interface OutputEnd {
  readonly text: string;
  readonly omittedLines: number;
}

/** Returns the last lines of an output. */
export function endOfOutput(output: string, maxLines = MAX_LINES, maxChars = MAX_CHARS): OutputEnd {
  const from = Math.max(0, output.length - maxChars);
  let start = output.length;
  // The end of the last line does not begin another one.
  if (output.endsWith('\n')) start -= 1;
  for (let lines = 0; lines < maxLines; lines += 1) {
    const before = start === 0 ? -1 : output.lastIndexOf('\n', start - 1);
    if (before < from) {
      start = before < 0 && from === 0 ? 0 : from;
      break;
    }
    start = lines === maxLines - 1 ? before + 1 : before;
  }
  return { text: output.slice(start), omittedLines: lineEnds(output, start) };
}

function lineEnds(text: string, until: number): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < until; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
