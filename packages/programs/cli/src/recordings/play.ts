import { columns } from '../command/columns.ts';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { invocation } from '../command/invocation.ts';
import { expectNoWords, parseWords, readWhole } from '../command/parse-words.ts';
import { stopSignal } from '../command/stop-signal.ts';
import { progressLine } from '../terminal/progress-line.ts';
import { lengthInWords, openLocalBag } from './local-bag.ts';

/** RTPS 2.5, 9.6.2.3: the ports of higher domains would pass 65535. */
const MAX_DOMAIN_ID = 232;
const MAX_RATE = 100;

/** `medkit bag play`: a recording on the graph. */
export const playBag: CommandProgram = {
  help: () =>
    [
      `${invocation(process.env)} bag play <file or folder> [options]`,
      '',
      'Publishes the messages of a recording, each at its time and as it came over the wire, on the graph of ROS_DOMAIN_ID and',
      'ROS_AUTOMATIC_DISCOVERY_RANGE. A robot that runs there obeys what it hears: play into a domain of its own. No gateway is asked.',
      '',
      columns([
        ['--rate <factor>', 'how many times as fast as it was recorded (default 1)'],
        ['--topics <names>', 'only these, with commas'],
        ['--domain <integer>', 'DDS domain to play into'],
      ]),
    ].join('\n'),

  async run(words) {
    const { values, positionals } = await parseWords(words, {
      rate: { type: 'string', default: '1' },
      topics: { type: 'string' },
      domain: { type: 'string' },
    });
    const [path, ...others] = positionals;
    expectNoWords(others);
    if (path === undefined) throw new CommandFailed('which file? See --help', ExitCode.usage);
    const rate = Number(values.rate);
    if (!(rate > 0 && rate <= MAX_RATE)) {
      throw new CommandFailed(`--rate: a number up to ${MAX_RATE}, not "${values.rate}"`, ExitCode.usage);
    }
    const domain =
      values.domain === undefined ? {} : { ROS_DOMAIN_ID: String(readWhole('domain', values.domain, MAX_DOMAIN_ID)) };
    const bag = await openLocalBag(path);
    await using resources = new AsyncDisposableStack();
    resources.defer(() => bag.close());
    const wanted = values.topics === undefined ? undefined : String(values.topics).split(',');
    const missing = wanted?.find((name) => !bag.topics.some((topic) => topic.name === name));
    if (missing !== undefined) throw new CommandFailed(`the recording has no topic ${missing}`, ExitCode.notFound);
    const [{ joinAsNode, playBag }, { systemClock }] = await Promise.all([
      import('@medkit/gateway/bag'),
      import('@medkit/edges/node'),
    ]);
    const adapter = await joinAsNode({ ...process.env, ...domain }, 'medkit bag play');
    resources.defer(() => adapter.close());
    const progress = progressLine();
    const length = lengthInWords(bag.startNs, bag.endNs);
    const played = await playBag(bag, {
      adapter,
      clock: systemClock,
      rate,
      wants: ({ name }) => wanted?.includes(name) ?? true,
      signal: stopSignal(),
      onProgress: (playedNs) => progress.show(`${lengthInWords(0n, playedNs)} of ${length}`),
    }).finally(() => progress.clear());
    console.log(`${played} messages played`);
    return ExitCode.ok;
  },
};
