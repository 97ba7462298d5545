import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { columns } from '../command/columns.ts';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { invocation } from '../command/invocation.ts';
import { expectNoWords, parseWords } from '../command/parse-words.ts';
import { bytesInWords, timeInWords } from '../terminal/in-words.ts';
import { table } from '../terminal/table.ts';
import { lengthInWords, openLocalBag } from './local-bag.ts';

/** `medkit bag info`: what is in a recording. */
export const bagInfo: CommandProgram = {
  help: () =>
    [
      `${invocation(process.env)} bag info <file or folder> [options]`,
      '',
      'Shows what is in a recording on this machine, MCAP or SQLite, of medkit or of rosbag2: when, how long, which topics.',
      '',
      columns([['--json', 'the same for programs; times are nanoseconds since 1970']]),
    ].join('\n'),

  async run(words) {
    const { values, positionals } = await parseWords(words, { json: { type: 'boolean' } });
    const [path, ...others] = positionals;
    expectNoWords(others);
    if (path === undefined) throw new CommandFailed('which file? See --help', ExitCode.usage);
    const bag = await openLocalBag(path);
    try {
      const { format, isComplete, startNs, endNs, topics } = bag;
      const messages = topics.reduce((sum, { count }) => sum + count, 0);
      if (values.json) {
        const times = { start_ns: String(startNs), end_ns: String(endNs) };
        console.log(
          JSON.stringify({
            format,
            complete: isComplete,
            ...times,
            messages,
            topics: topics.map(({ name, type, count }) => ({ name, type, count })),
          }),
        );
        return ExitCode.ok;
      }
      const began = timeInWords(new Date(Number(startNs / 1_000_000n)));
      const size = bytesInWords(await bytesOf(path));
      const when = messages === 0 ? '' : `, ${lengthInWords(startNs, endNs)} from ${began}`;
      console.log(`${format}, ${size}, ${messages} messages${when}`);
      if (!isComplete) console.log('The recorder did not finish it: this is what it wrote until then.');
      console.log();
      console.log(
        table(
          ['TOPIC', 'MESSAGES', 'TYPE'],
          topics.map(({ name, type, count }) => [name, String(count), type]),
        ),
      );
      return ExitCode.ok;
    } finally {
      await bag.close();
    }
  },
};

/** Bytes of a file, or of all files of a folder. */
async function bytesOf(path: string): Promise<number> {
  const state = await stat(path);
  if (!state.isDirectory()) return state.size;
  const sizes = await Promise.all((await readdir(path)).map(async (name) => (await stat(join(path, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
