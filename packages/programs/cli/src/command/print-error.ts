import { plainLine } from '../terminal/display-width.ts';

/** Prints lines to standard error with the prefix `medkit: `. Replaces control characters. */
export function printError(text: string): void {
  for (const line of text.split('\n')) console.error(`medkit: ${plainLine(line)}`);
}
