import { open, readFile } from 'node:fs/promises';

/** Where the arguments and the environment begin and end, among the fields of `/proc/self/stat` after the name (proc(5)). */
const FIELDS_AFTER_NAME = { arguments: [45, 46], environment: [47, 48] } as const;
/** What a secret is overwritten with. */
const BLANK = '*'.charCodeAt(0);

/**
 * Blanks what follows these beginnings in the words that this process was started with, `MEDKIT_SERVER_TOKEN=`: programs of
 * the same user read its environment in `/proc`, and everybody its arguments, for as long as it lives. Gives false where the
 * system does not let it. Only the words of its start are changed, not `process.env`.
 */
export async function blankStartWords(beginnings: readonly string[]): Promise<boolean> {
  try {
    const stat = await readFile('/proc/self/stat', 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    await using memory = await open('/proc/self/mem', 'r+');
    for (const [first, last] of Object.values(FIELDS_AFTER_NAME)) {
      const [start, end] = [Number(fields[first]), Number(fields[last])];
      const words = Buffer.alloc(end - start);
      await memory.read(words, 0, words.length, start);
      for (const [from, to] of secretsIn(words, beginnings)) {
        await memory.write(words.fill(BLANK, from, to), from, to - from, start + from);
      }
    }
    return true;
  } catch {
    // No such system, or one that keeps a process out of its own memory.
    return false;
  }
}

/** Where the secrets of words stand that each end with a zero. */
function secretsIn(words: Buffer, beginnings: readonly string[]): readonly (readonly [number, number])[] {
  const found: [number, number][] = [];
  for (let from = 0; from < words.length; ) {
    const zero = words.indexOf(0, from);
    const to = zero < 0 ? words.length : zero;
    const word = words.toString('latin1', from, to);
    const beginning = beginnings.find((text) => word.startsWith(text));
    if (beginning !== undefined && from + beginning.length < to) found.push([from + beginning.length, to]);
    from = to + 1;
  }
  return found;
}
