import { styleText } from 'node:util';

export type Colour = 'red' | 'yellow' | 'green' | 'cyan' | 'dim' | 'bold';

/** Colors the text if standard output is a color terminal and `NO_COLOR` is not set. */
export function colorize(text: string, colour: Colour | undefined): string {
  return colour === undefined || text === '' ? text : styleText(colour, text, { stream: process.stdout });
}
