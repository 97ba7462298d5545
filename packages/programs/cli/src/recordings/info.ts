import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { helpText } from '../command/help-text.ts';
import { expectNoArguments, parseArguments } from '../command/parse-arguments.ts';
import { formatBytes, formatTime } from '../terminal/format.ts';
import { table } from '../terminal/table.ts';
import { formatDurationNs, openLocalBag } from './local-bag.ts';

/** `medkit bag info`: shows the content of a recording. */
export const bagInfo: CommandProgram = {
  help: () =>
    helpText({
      usage: 'bag info <file or folder>',
      about: [
        'Shows the start, duration and topics of a local recording. Reads MCAP and SQLite recordings of medkit and of rosbag2.',
      ],
      options: [['--json', 'print JSON; times are nanoseconds since 1970']],
      examples: [['bag info stop.mcap', 'topics, types and number of messages']],
    }),

  async run(args) {
    const { values, positionals } = await parseArguments(args, { json: { type: 'boolean' } });
    const [path, ...others] = positionals;
    expectNoArguments(others);
    if (path === undefined) throw new CommandFailed('missing argument: the recording. See --help', ExitCode.usage);
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
      const began = formatTime(new Date(Number(startNs / 1_000_000n)));
      const size = formatBytes(await bytesOf(path));
      const when = messages === 0 ? '' : `, ${formatDurationNs(startNs, endNs)} from ${began}`;
      console.log(`${format}, ${size}, ${messages} messages${when}`);
      if (!isComplete) console.log('Incomplete: the recorder did not finish this recording.');
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
