import { plainLine } from '../terminal/display-width.ts';

/** Lines for a person on standard error, where programs do not read them. Nothing in them is acted on by a terminal. */
export function complain(text: string): void {
  for (const line of text.split('\n')) console.error(`medkit: ${plainLine(line)}`);
}
