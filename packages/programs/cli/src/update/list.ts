import type { Client } from '@medkit/client';
import { ExitCode } from '../command/exit-code.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { type Cell, table } from '../terminal/table.ts';
import { formatStatus, printUpdateResult } from './follow-update.ts';

const HEAD = ['UPDATE', 'VERSION', 'STATUS', 'COMPONENTS', 'NAME'];
const COLOURS = { completed: 'green', failed: 'red', inProgress: 'cyan', pending: 'dim' } as const;
/** Maximum number of parallel requests. */
const AT_ONCE = 8;

/** `medkit update list`: lists the registered updates. */
export const listUpdates = remoteCommand({
  usage: 'update list',
  about: ['Lists the updates that are registered on the robot, with their status.'],
  examples: [['update list', 'ids, versions and status']],
  async run({ client, json }) {
    const { text, value } = await client.ask('listUpdates', {});
    if (json) {
      console.log(text);
      return ExitCode.ok;
    }
    const rows: (readonly Cell[])[] = [];
    for (let at = 0; at < value.items.length; at += AT_ONCE) {
      rows.push(...(await Promise.all(value.items.slice(at, at + AT_ONCE).map((id) => row(client, id)))));
    }
    console.log(rows.length === 0 ? 'no updates' : table(HEAD, rows));
    return ExitCode.ok;
  },
});

/** `medkit update status`: shows the status of an update. */
export const updateStatus = remoteCommand({
  usage: 'update status <id>',
  about: [
    'Shows the status of an update, and the reason if it failed or was rolled back.',
    `Exit code: ${ExitCode.endedBadly} if it failed or was rolled back, 0 otherwise.`,
  ],
  examples: [['update status navigation-2.1.0', 'status of one update']],
  async run({ client, args: [id], json }) {
    const { text, value } = await client.ask('getUpdateStatus', { path: { update_id: id } });
    if (!json) return printUpdateResult(id, value);
    console.log(text);
    return value.status === 'failed' ? ExitCode.endedBadly : ExitCode.ok;
  },
});

async function row(client: Client, id: string): Promise<readonly Cell[]> {
  const path = { update_id: id };
  const [detail, status] = await Promise.all([
    client.call('getUpdate', { path }),
    client.call('getUpdateStatus', { path }),
  ]);
  const { version, updated_components, update_name } = detail as Readonly<Record<string, unknown>>;
  const components = Array.isArray(updated_components) ? updated_components.join(', ') : '';
  return [
    id,
    typeof version === 'string' ? version : '',
    { text: formatStatus(status), colour: COLOURS[status.status] },
    components,
    typeof update_name === 'string' ? update_name : '',
  ];
}
