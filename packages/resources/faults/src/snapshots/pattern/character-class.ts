type Accepts = (character: string) => boolean;

const CLASSES: Readonly<Record<string, Accepts>> = {
  d: (character) => /\d/.test(character),
  D: (character) => /\D/.test(character),
  w: (character) => /\w/.test(character),
  W: (character) => /\W/.test(character),
  s: (character) => /\s/.test(character),
  S: (character) => /\S/.test(character),
};

/** Returns what `\` and the next character match: a class such as `\d`, or a literal special character. */
export function escapedCharacter(escaped: string | undefined): Accepts {
  if (escaped === undefined) throw new Error('nothing after the last \\');
  if (Object.hasOwn(CLASSES, escaped)) return CLASSES[escaped];
  if (/[A-Za-z0-9]/.test(escaped)) throw new Error(`\\${escaped} is not supported`);
  return (character) => character === escaped;
}

/** Parses the class that begins at `start`, after its `[`, and returns where the following text begins. */
export function characterClass(text: string, start: number): { readonly accepts: Accepts; readonly end: number } {
  const inverted = text[start] === '^';
  const accepted: Accepts[] = [];
  let at = inverted ? start + 1 : start;
  while (text[at] !== ']') {
    if (at >= text.length) throw new Error('a [ is not closed');
    if (text[at] === '\\') {
      accepted.push(escapedCharacter(text[at + 1]));
      at += 2;
    } else if (text[at + 1] === '-' && at + 2 < text.length && text[at + 2] !== ']') {
      accepted.push(range(text[at], text[at + 2]));
      at += 3;
    } else {
      const single = text[at];
      accepted.push((character) => character === single);
      at += 1;
    }
  }
  const isIn = (character: string): boolean => accepted.some((accepts) => accepts(character));
  return { accepts: inverted ? (character) => !isIn(character) : isIn, end: at + 1 };
}

function range(first: string, last: string): Accepts {
  if (first > last || last === '\\') throw new Error(`${first}-${last} is not a range`);
  return (character) => character >= first && character <= last;
}
