import { styleText } from 'node:util';

export type Colour = 'red' | 'yellow' | 'green' | 'cyan' | 'dim' | 'bold';

/** The text in a colour where standard output is a terminal that has them, and `NO_COLOR` does not forbid it. */
export function painted(text: string, colour: Colour | undefined): string {
  return colour === undefined || text === '' ? text : styleText(colour, text, { stream: process.stdout });
}
