import { shortened } from '@medkit/contract';

/** Makes a text of the robot fit for one line of a message: replaces control characters and whitespace. */
export function oneLine(text: string): string {
  return text.replaceAll(/[^\P{C} ]+|\s+/gu, ' ').trim();
}

/** Like `shortened`, but counts bytes of UTF-8. */
export function shortenedToOctets(text: string, max: number): string {
  if (Buffer.byteLength(text) <= max) return text;
  let short = text;
  while (Buffer.byteLength(short) > max - 3) short = shortened(short, Math.min(short.length - 1, max));
  return short.endsWith('…') ? short : `${short}…`;
}
