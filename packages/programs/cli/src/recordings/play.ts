import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { helpText } from '../command/help-text.ts';
import { expectNoArguments, parseArguments, readInteger } from '../command/parse-arguments.ts';
import { stopSignal } from '../command/stop-signal.ts';
import { progressLine } from '../terminal/progress-line.ts';
import { formatDurationNs, openLocalBag } from './local-bag.ts';

/** Highest domain id: the ports of higher domains would exceed 65535 (RTPS 2.5, 9.6.2.3). */
const MAX_DOMAIN_ID = 232;
const MAX_RATE = 100;

/** `medkit bag play`: publishes a recording. */
export const playBag: CommandProgram = {
  help: () =>
    helpText({
      usage: 'bag play <file or folder>',
      about: [
        'Publishes the serialized messages of a local recording with their original timing on the ROS 2 network that ROS_DOMAIN_ID',
        'and ROS_AUTOMATIC_DISCOVERY_RANGE select. Needs no gateway. Warning: a robot on that network acts on the messages, so use a',
        'separate domain.',
      ],
      options: [
        ['--rate <factor>', `playback speed, above 0, at most ${MAX_RATE} (default 1)`],
        ['--topics <names>', 'comma-separated topics (default: all)'],
        ['--domain <integer>', `DDS domain, 0 to ${MAX_DOMAIN_ID} (default: ROS_DOMAIN_ID, else 0)`],
      ],
      examples: [
        ['bag play stop.mcap --domain 42', 'play into a separate domain'],
        ['bag play stop.mcap --topics /scan,/odom --rate 0.5', 'play two topics at half speed'],
      ],
    }),

  async run(args) {
    const { values, positionals } = await parseArguments(args, {
      rate: { type: 'string', default: '1' },
      topics: { type: 'string' },
      domain: { type: 'string' },
    });
    const [path, ...others] = positionals;
    expectNoArguments(others);
    if (path === undefined) throw new CommandFailed('missing argument: the recording. See --help', ExitCode.usage);
    const rate = Number(values.rate);
    if (!(rate > 0 && rate <= MAX_RATE)) {
      throw new CommandFailed(
        `--rate: expected a number above 0, at most ${MAX_RATE}, found "${values.rate}"`,
        ExitCode.usage,
      );
    }
    const domain =
      values.domain === undefined ? {} : { ROS_DOMAIN_ID: String(readInteger('domain', values.domain, MAX_DOMAIN_ID)) };
    const bag = await openLocalBag(path);
    await using resources = new AsyncDisposableStack();
    resources.defer(() => bag.close());
    const wanted = values.topics === undefined ? undefined : String(values.topics).split(',');
    const missing = wanted?.find((name) => !bag.topics.some((topic) => topic.name === name));
    if (missing !== undefined)
      throw new CommandFailed(
        `the recording ${path} has no topic ${missing}: list its topics with \`bag info\``,
        ExitCode.notFound,
      );
    const [{ joinAsNode, playBag }, { systemClock }] = await Promise.all([
      import('@medkit/gateway/bag'),
      import('@medkit/edges/node'),
    ]);
    const adapter = await joinAsNode({ ...process.env, ...domain }, 'medkit bag play');
    resources.defer(() => adapter.close());
    const progress = progressLine();
    const length = formatDurationNs(bag.startNs, bag.endNs);
    const played = await playBag(bag, {
      adapter,
      clock: systemClock,
      rate,
      wants: ({ name }) => wanted?.includes(name) ?? true,
      signal: stopSignal(),
      onProgress: (playedNs) => progress.show(`${formatDurationNs(0n, playedNs)} of ${length}`),
    }).finally(() => progress.clear());
    console.log(`${played} messages played`);
    return ExitCode.ok;
  },
};
