import type { NotifyReceiver } from '@medkit/contract';
import { ExitCode } from '../command/exit-code.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { formatTime } from '../terminal/format.ts';
import { type Cell, table } from '../terminal/table.ts';

const HEAD = ['RECEIVER', 'TYPE', 'SEVERITY', 'QUEUED', 'DROPPED', 'LAST DELIVERED', 'PROBLEM'];
const NO_RECEIVERS = 'no notification receivers: add them with notify.receivers in the configuration';

const listing = (usage: 'notify' | 'notify list') =>
  remoteCommand({
    usage,
    about: [
      'Lists the receivers of incident notifications: minimum severity, queued and dropped messages, time of the last delivery,',
      'and the current problem. `notify test` sends a test message.',
    ],
    examples: [[usage, 'receivers and their problems']],
    async run({ client, json }) {
      const { text, value } = await client.ask('listNotifyReceivers', {});
      if (json) console.log(text);
      else console.log(receiverTable(value.items));
      return ExitCode.ok;
    },
  });

/** `medkit notify`: lists notification receivers. */
export const notify = listing('notify');
/** `medkit notify list`: the same as `notify`, consistent with other `list` commands. */
export const listReceivers = listing('notify list');

export function receiverTable(receivers: readonly NotifyReceiver[]): string {
  return receivers.length === 0 ? NO_RECEIVERS : table(HEAD, receivers.map(row));
}

function row({
  name,
  type,
  severity,
  after_min,
  waiting,
  given_up,
  last_delivered,
  problem,
}: NotifyReceiver): readonly Cell[] {
  return [
    name,
    type,
    after_min == null ? severity : `${severity}, after ${after_min} min`,
    String(waiting),
    String(given_up),
    last_delivered == null ? 'not since startup' : formatTime(new Date(last_delivered)),
    problem == null ? '' : { text: problem, colour: 'red' },
  ];
}
