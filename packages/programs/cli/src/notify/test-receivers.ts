import type { NotifyTestResult } from '@medkit/contract';
import { ExitCode } from '../command/exit-code.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { type Cell, table } from '../terminal/table.ts';

const HEAD = ['RECEIVER', 'RESULT', 'DURATION', 'RESPONSE'];

/** `medkit notify test`: sends a test notification. */
export const testReceivers = remoteCommand({
  usage: 'notify test [receiver]',
  about: [
    'Sends a test notification to one receiver or to all, once and without retries, and prints the result.',
    `Exit code: 0 if every receiver accepted it, ${ExitCode.failed} otherwise.`,
  ],
  examples: [['notify test', 'test all receivers']],
  async run({ client, args: [receiver], json }) {
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
