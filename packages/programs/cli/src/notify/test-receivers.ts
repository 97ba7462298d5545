import type { NotifyTestResult } from '@medkit/contract';
import { ExitCode } from '../command/exit-code.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { type Cell, table } from '../terminal/table.ts';

const HEAD = ['RECEIVER', 'OUTCOME', 'IN', 'ANSWER'];

/** `medkit notify test`: whether those who are told of incidents can be. */
export const testReceivers = remoteCommand({
  usage: 'notify test [receiver]',
  about: [
    'Sends a message that says that it is a test to one who is told of incidents, or to all, at once and only once, and says what',
    'became of it. It ends with 1 where one did not take it.',
  ],
  async run({ client, words: [receiver], json }) {
    const body = receiver === undefined ? {} : { receiver };
    const { text, value } = await client.ask('testNotifyReceivers', { body });
    console.log(json ? text : testTable(value.items));
    return value.items.every(({ delivered }) => delivered) ? ExitCode.ok : ExitCode.failed;
  },
});

export function testTable(results: readonly NotifyTestResult[]): string {
  return table(
    HEAD,
    results.map(({ receiver, delivered, status, error, duration_ms }): readonly Cell[] => [
      receiver,
      delivered ? { text: 'delivered', colour: 'green' } : { text: 'not delivered', colour: 'red' },
      `${duration_ms.toFixed(0)} ms`,
      error ?? (status == null ? '' : `HTTP ${status}`),
    ]),
  );
}
