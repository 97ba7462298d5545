import { open, readFile } from 'node:fs/promises';

/**
 * Positions of the start and end of arguments and environment in `/proc/self/stat`, counted from the first field after
 * the name (proc(5)).
 */
const FIELDS_AFTER_NAME = { arguments: [45, 46], environment: [47, 48] } as const;
/** The byte that overwrites a secret. */
const BLANK = '*'.charCodeAt(0);

/**
 * Overwrites the text after each of `beginnings`, such as `MEDKIT_SERVER_TOKEN=`, in the command line and environment
 * of this process in memory. Otherwise, programs of the same user could read its environment in `/proc`, and every user
 * its arguments. `process.env` is unchanged. Returns false if the system does not allow it.
 */
export async function blankProcessSecrets(beginnings: readonly string[]): Promise<boolean> {
  try {
    const stat = await readFile('/proc/self/stat', 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    await using memory = await open('/proc/self/mem', 'r+');
    for (const [first, last] of Object.values(FIELDS_AFTER_NAME)) {
      const [start, end] = [Number(fields[first]), Number(fields[last])];
      const memoryBytes = Buffer.alloc(end - start);
      await memory.read(memoryBytes, 0, memoryBytes.length, start);
      for (const [from, to] of secretsIn(memoryBytes, beginnings)) {
        await memory.write(memoryBytes.fill(BLANK, from, to), from, to - from, start + from);
      }
    }
    return true;
  } catch {
    // The system has no `/proc`, or does not allow a process to write its memory.
    return false;
  }
}

/** Returns the positions of secrets in a list of zero-terminated texts. */
function secretsIn(texts: Buffer, beginnings: readonly string[]): readonly (readonly [number, number])[] {
  const found: [number, number][] = [];
  for (let from = 0; from < texts.length; ) {
    const zero = texts.indexOf(0, from);
    const to = zero < 0 ? texts.length : zero;
    const word = texts.toString('latin1', from, to);
    const beginning = beginnings.find((text) => word.startsWith(text));
    if (beginning !== undefined && from + beginning.length < to) found.push([from + beginning.length, to]);
    from = to + 1;
  }
  return found;
}
