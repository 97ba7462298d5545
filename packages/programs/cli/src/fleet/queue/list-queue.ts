import type { FleetQueuedRequest } from '@medkit/contract';
import { ExitCode } from '../../command/exit-code.ts';
import { remoteCommand } from '../../remote/remote-command.ts';
import { formatTime } from '../../terminal/format.ts';
import { table } from '../../terminal/table.ts';

const LIMIT = 300;

/** `medkit fleet queue list`: lists the queued requests of one robot, or of all. */
export const listQueue = remoteCommand({
  usage: 'fleet queue list [robot]',
  asksHub: true,
  about: [
    `Lists up to ${LIMIT} queued requests of a robot, or of all, the newest first, with the reason of their state.`,
  ],
  options: { state: { takes: '<state>', about: 'only requests in this state, such as waiting' } },
  async run({ client, args: [robot], values, json }) {
    const { state } = values as Readonly<Record<string, string | undefined>>;
    const query = { limit: LIMIT, ...(state !== undefined && { state }) };
    const { text, value } = await (robot === undefined
      ? client.ask('listFleetQueuedRequests', { query })
      : client.ask('listFleetQueue', { path: { robot }, query }));
    console.log(json ? text : queueTable(value.items));
    return ExitCode.ok;
  },
});

/** Queued requests as a table. */
export function queueTable(items: readonly FleetQueuedRequest[]): string {
  if (items.length === 0) return 'no queued requests: add one with `fleet queue add <robot> <method> <path>`';
  const rows = items.map(
    ({ id, robot, method, path, state, reply, created_by, ended_at, expires_at, reason, note }) => [
      ...[id, robot, state, `${method} ${path}`, reply == null ? '' : String(reply.status), created_by],
      ...[formatTime(new Date(ended_at ?? expires_at)), reason ?? note ?? ''],
    ],
  );
  return table(['ID', 'ROBOT', 'STATE', 'REQUEST', 'REPLY', 'BY', 'ENDED OR EXPIRES', 'REASON OR NOTE'], rows);
}
