import type { NotifyReceiver } from '@medkit/contract';
import { ExitCode } from '../command/exit-code.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { timeInWords } from '../terminal/in-words.ts';
import { type Cell, table } from '../terminal/table.ts';

const HEAD = ['RECEIVER', 'TYPE', 'FROM', 'WAITING', 'GIVEN UP', 'LAST DELIVERED', 'PROBLEM'];
const NOBODY = 'nobody is told of incidents here: notify.receivers of the configuration says who is';

const listing = (usage: 'notify' | 'notify list') =>
  remoteCommand({
    usage,
    about: [
      'Lists who is told of incidents: from which severity on, how many messages wait for each, when one arrived the last time, and what',
      'is in the way. `notify test` tries them out.',
    ],
    async run({ client, json }) {
      const { text, value } = await client.ask('listNotifyReceivers', {});
      if (json) console.log(text);
      else console.log(receiverTable(value.items));
      return ExitCode.ok;
    },
  });

/** `medkit notify`: who is told of incidents. */
export const notify = listing('notify');
/** `medkit notify list`: the same, as others have it. */
export const listReceivers = listing('notify list');

export function receiverTable(receivers: readonly NotifyReceiver[]): string {
  return receivers.length === 0 ? NOBODY : table(HEAD, receivers.map(row));
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
    last_delivered == null ? 'not since the start' : timeInWords(new Date(last_delivered)),
    problem == null ? '' : { text: problem, colour: 'red' },
  ];
}
