import type { FolderAccounts } from '@medkit/gateway/folder-accounts';
import { madeUpPassword } from '@medkit/gateway/made-up-password';
import { columns } from '../command/columns.ts';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { invocation } from '../command/invocation.ts';
import { expectNoWords, parseWords } from '../command/parse-words.ts';
import { FOLDER_OPTION_LINES, FOLDER_OPTIONS, tellGateway, withFolderAccounts } from './data-folder.ts';

/** `medkit auth reset-admin`: lets an admin in who has lost the password. */
export const resetAdmin: CommandProgram = {
  help: () =>
    [
      `${invocation(process.env)} auth reset-admin [name] [options]`,
      '',
      'Gives a user a new password, which is printed this once and has to be changed at the first login, and makes it an admin who',
      'is not disabled. Without a name it is the only admin. Whoever may write the data folder of the gateway may do this;',
      'sessions of the user end. Works also while the gateway runs.',
      '',
      columns([...FOLDER_OPTION_LINES]),
    ].join('\n'),

  async run(words) {
    const { values, positionals } = await parseWords(words, FOLDER_OPTIONS);
    const [named, ...others] = positionals;
    expectNoWords(others);
    const password = madeUpPassword();
    const { result: name, gateway } = await withFolderAccounts(values, async ({ users, roles }) => {
      const name = named ?? onlyAdmin({ users, roles });
      await users.change(name, { role: 'admin', disabled: false, password, mustChange: true });
      return name;
    });
    console.log(`${name} may do everything, with this password, to be changed at the first login:\n\n  ${password}\n`);
    if (gateway) console.log(tellGateway(gateway));
    return ExitCode.ok;
  },
};

/** An admin is who may keep up accounts, whatever the role is called. Those of the users file are changed there. */
function onlyAdmin({ users, roles }: Pick<FolderAccounts, 'roles' | 'users'>): string {
  const kept = users.list().filter(({ declared }) => !declared);
  const admins = kept.filter(({ role }) => roles.permissionsOf(role)?.has('accounts'));
  const [only, ...others] = admins;
  if (only !== undefined && others.length === 0) return only.name;
  const medkit = invocation(process.env);
  if (kept.length === 0) {
    throw new CommandFailed(`there is no user yet: \`${medkit} auth init\` makes the first`, ExitCode.notFound);
  }
  const names = (admins.length > 0 ? admins : kept).map((user) => user.name).join(', ');
  throw new CommandFailed(`which of them? \`${medkit} auth reset-admin <name>\`: ${names}`, ExitCode.usage);
}
