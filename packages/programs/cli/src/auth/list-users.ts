import type { User } from '@medkit/contract';
import { ExitCode } from '../command/exit-code.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { formatTime } from '../terminal/format.ts';
import { type Cell, table } from '../terminal/table.ts';
import { formatAccountLimits } from './scopes.ts';

const HEAD = ['NAME', 'ROLE', 'SINCE', 'STATE', 'LIMITED TO'];

/** `medkit auth users`: lists users. */
export const listUsers = remoteCommand({
  usage: 'auth users',
  about: ['Lists the users of the gateway with role, creation time and state. Requires an admin.'],
  async run({ client, json }) {
    const { text, value } = await client.ask('listUsers', {});
    console.log(json ? text : userTable(value.items));
    return ExitCode.ok;
  },
});

/** Users as a table. */
export function userTable(users: readonly User[]): string {
  return table(HEAD, users.map(row));
}

function row(user: User): readonly Cell[] {
  const { name, role, created_at, declared, disabled, must_change_password } = user;
  const states: readonly (string | false)[] = [
    disabled && 'disabled',
    must_change_password && 'must change the password',
    declared && 'from auth.users_file',
  ];
  const state = states.filter((text) => text !== false).join(', ');
  const since = created_at == null ? '' : formatTime(new Date(created_at));
  return [name, role, since, disabled ? { text: state, colour: 'yellow' } : state, formatAccountLimits(user)];
}
