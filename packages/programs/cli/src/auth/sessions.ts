import type { LoginSession } from '@medkit/contract';
import { ExitCode } from '../command/exit-code.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { formatTime } from '../terminal/format.ts';
import { type Cell, table } from '../terminal/table.ts';

const HEAD = ['ID', 'USER', 'SINCE', 'LAST USED', 'FROM', 'WITH'];

/** `medkit auth sessions`: lists browser sessions. */
export const listSessions = remoteCommand({
  usage: 'auth sessions',
  about: ['Lists your browser sessions at the gateway with time and address; an admin sees the sessions of all users.'],
  async run({ client, json }) {
    const { text, value } = await client.ask('listSessions', {});
    console.log(json ? text : sessionTable(value.items));
    return ExitCode.ok;
  },
});

/** Sessions as a table, with the unmodified user agent. */
export function sessionTable(sessions: readonly LoginSession[]): string {
  return sessions.length === 0 ? 'No browser sessions.' : table(HEAD, sessions.map(row));
}

function row({ id, user, created_at, last_used_at, remote_address, user_agent }: LoginSession): readonly Cell[] {
  const at = (time: string) => formatTime(new Date(time));
  return [id, user, at(created_at), at(last_used_at), remote_address, user_agent];
}

/** `medkit auth sessions end`: ends a browser session. */
export const endSession = remoteCommand({
  usage: 'auth sessions end <id>',
  about: ['Ends a browser session with its open streams. `auth sessions` lists the ids.'],
  examples: [['auth sessions end k3v9', 'the session of a lost tablet']],
  async run({ client, args: [id = ''] }) {
    await client.call('endSession', { path: { session_id: id } });
    return ExitCode.ok;
  },
});
