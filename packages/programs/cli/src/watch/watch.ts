import { samples } from '@medkit/client';
import type { SubscriptionInterval } from '@medkit/contract';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { readInteger } from '../command/parse-arguments.ts';
import { printError } from '../command/print-error.ts';
import { stopSignal } from '../command/stop-signal.ts';
import { findEntity } from '../remote/find-entity.ts';
import { reconnecting } from '../remote/reconnecting.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { valueLines } from '../terminal/value-lines.ts';
import { findTopic } from './find-topic.ts';

const INTERVALS = ['fast', 'normal', 'slow'] as const satisfies readonly SubscriptionInterval[];

/** The intervals as text for help. */
const SUBSCRIPTION_INTERVALS = 'fast (50 ms), normal (200 ms) or slow (500 ms)';

const MAX_COUNT = 1_000_000_000;

/** `medkit watch`: prints the values of a topic as they arrive. */
export const watch = remoteCommand({
  usage: 'watch <entity-or-topic> [topic]',
  about: [
    'Prints the values of a topic as they arrive, until Ctrl-C. A topic with a leading slash needs no entity. If messages arrive',
    'faster than --interval, prints the newest. A value that is sent only on change, such as a PLC value, is printed once per',
    'change.',
  ],
  options: {
    field: { takes: '<path>', about: 'print only this field, such as twist.twist.linear.x or ranges.0' },
    interval: { takes: '<interval>', about: `minimum interval: ${SUBSCRIPTION_INTERVALS} (default normal)` },
    count: { short: 'n', takes: '<count>', about: 'exit after this number of values (default: unlimited)' },
  },
  examples: [
    ['watch /odom --field twist.twist.linear.x', 'speed of the robot'],
    ['watch battery_monitor battery_state -n 1', 'one message of one app, then exit'],
  ],
  async run({ client, args: [first, second], values, json }) {
    const interval = subscriptionInterval(values.interval);
    const count = values.count === undefined ? MAX_COUNT : readInteger('count', values.count, MAX_COUNT);
    const found =
      second === undefined
        ? await findTopic(client, leading(first))
        : { entity: await findEntity(client, first), id: second };
    const signal = stopSignal();
    let printedCount = 0;
    const request = { client, entity: found.entity, dataId: found.id, interval, signal, ...reconnecting(client) };
    for await (const { text, value, error } of samples(request)) {
      if (json) console.log(text);
      else if (error !== undefined) printError(error);
      else show(values.field === undefined ? value : partOf(value, String(values.field)));
      if (error === undefined) printedCount += 1;
      if (printedCount >= count || signal.aborted) break;
    }
    return ExitCode.ok;
  },
});

function leading(topic: string): string {
  if (topic.startsWith('/')) return topic;
  throw new CommandFailed(
    `missing topic: pass an entity and a topic, or a topic with a leading slash such as /${topic}`,
    ExitCode.usage,
  );
}

/** Prints a value; `---` separates messages. */
function show(value: unknown): void {
  const lines = valueLines(value);
  console.log((typeof value === 'object' && value !== null ? [...lines, '---'] : lines).join('\n'));
}

/** Returns the field of a message at a dotted path of names and indices. Throws `CommandFailed` if there is none. */
function partOf(message: unknown, path: string): unknown {
  let part = message;
  for (const name of path.split('.')) {
    if (typeof part !== 'object' || part === null || !Object.hasOwn(part, name)) {
      const choice = typeof part === 'object' && part !== null && !Array.isArray(part) ? Object.keys(part) : [];
      const has = choice.length > 0 ? `; use one of ${choice.slice(0, 12).join(', ')}` : '';
      throw new CommandFailed(`--field ${path}: the message has no field ${name}${has}`, ExitCode.notFound);
    }
    part = (part as Readonly<Record<string, unknown>>)[name];
  }
  return part;
}

/** Parses the `--interval` option. Throws `CommandFailed` for unknown values. */
function subscriptionInterval(value: unknown): SubscriptionInterval {
  if (value === undefined) return 'normal';
  const interval = INTERVALS.find((name) => name === value);
  if (interval !== undefined) return interval;
  throw new CommandFailed(`--interval: expected ${SUBSCRIPTION_INTERVALS}, found "${value}"`, ExitCode.usage);
}
