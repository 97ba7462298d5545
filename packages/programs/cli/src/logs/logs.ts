import type { Client, EntityRef, Reply } from '@medkit/client';
import type { LogEntry, LogEntryList } from '@medkit/contract';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { stopSignal, waitUnlessAborted } from '../command/stop-signal.ts';
import { findEntity } from '../remote/find-entity.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { retryingReader } from '../remote/retrying-reader.ts';
import { type Colour, colorize } from '../terminal/colorize.ts';
import { plainLine } from '../terminal/display-width.ts';
import { formatTime } from '../terminal/format.ts';

/** Interval for polling new entries. */
const LOOK_EVERY_MS = 500;
/** Cursor before the first entry: ids start at 1. */
const BEFORE_THE_FIRST = 'log_0';

const COLOURS: Readonly<Record<string, Colour>> = { debug: 'dim', warning: 'yellow', error: 'red', fatal: 'red' };

/** `medkit logs`: prints log entries. */
export const logs = remoteCommand({
  usage: 'logs [entity]',
  about: ['Prints recent log entries of the robot, or of an entity and its members, oldest first.'],
  options: {
    follow: { short: 'f', about: 'print new entries until Ctrl-C' },
    severity: { takes: '<severity>', about: 'minimum severity: debug, info, warning, error or fatal' },
    context: { takes: '<text>', about: 'only loggers whose name contains this text' },
    limit: {
      short: 'n',
      takes: '<count>',
      about: 'maximum number of entries, 1 to 10000: the newest, or with --since the first',
    },
    since: { takes: '<time>', about: 'only entries that arrived after this time (ISO 8601) or entry id' },
    until: {
      takes: '<time>',
      about: 'only entries that arrived up to this time (ISO 8601) or entry id; not with --follow',
    },
  },
  examples: [
    ['logs -f --severity warning', 'follow warnings and errors of the whole robot'],
    ['logs nav2_planner -n 50', 'the last 50 entries of one app'],
  ],
  async run({ client, json, args, values }) {
    const entity = args[0] === undefined ? undefined : await findEntity(client, args[0]);
    const { severity, context, limit, since, until } = values as Readonly<Record<string, string | undefined>>;
    if (values.follow && until !== undefined) {
      throw new CommandFailed('--until and --follow exclude each other: remove one of them', ExitCode.usage);
    }
    const read = (from: string | undefined, signal?: AbortSignal) =>
      entries(
        client,
        entity,
        { severity, context, limit: from === since ? limit : undefined, since: from, until },
        signal,
      );
    const show = ({ text, value }: Reply<LogEntryList>, follows: boolean) => {
      if (json && !follows) console.log(text);
      else for (const entry of value.items) console.log(json ? JSON.stringify(entry) : line(entry));
    };
    const first = await read(since);
    // Handles Ctrl-C before the first line is printed: the user may press it immediately.
    const signal = values.follow ? stopSignal() : undefined;
    show(first, signal !== undefined);
    if (signal === undefined) return ExitCode.ok;
    let last = lastId(first, since ?? BEFORE_THE_FIRST);
    const newer = retryingReader(client.url, () => read(last, signal), signal);
    while (await waitUnlessAborted(LOOK_EVERY_MS, signal)) {
      const next = await newer();
      if (next === undefined) continue;
      show(next, true);
      last = lastId(next, last);
    }
    return ExitCode.ok;
  },
});

function lastId({ value }: Reply<LogEntryList>, otherwise: string): string {
  return value.items.at(-1)?.id ?? otherwise;
}

function entries(
  client: Client,
  entity: EntityRef | undefined,
  query: Readonly<Record<'severity' | 'context' | 'limit' | 'since' | 'until', string | undefined>>,
  signal: AbortSignal | undefined,
): Promise<Reply<LogEntryList>> {
  const parts = { query, ...(signal && { signal }) };
  return entity ? client.ask('listLogs', { entity, ...parts }) : client.ask('listRosout', parts);
}

/** If the clocks of node and gateway differ by more, a line also shows the time of the node. */
const CLOCK_TOLERANCE_MS = 2000;

function line({ timestamp, received_at, severity, message, logger_name, context }: LogEntry): string {
  const arrived = new Date(received_at ?? timestamp);
  const isOff = Math.abs(arrived.getTime() - new Date(timestamp).getTime()) > CLOCK_TOLERANCE_MS;
  const where = plainLine(logger_name ?? context?.node ?? '');
  const text = message.trimEnd().split('\n').map(plainLine).join('\n    ');
  return [
    colorize(formatTime(arrived), 'dim'),
    colorize(severity.toUpperCase().padEnd(7), COLOURS[severity]),
    `${colorize(where, 'cyan')}: ${text}${isOff ? colorize(` (logged at ${timestamp})`, 'dim') : ''}`,
  ].join('  ');
}
