import type { FolderAccounts } from '@medkit/gateway/folder-accounts';
import { generatePassword } from '@medkit/gateway/generate-password';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { helpText } from '../command/help-text.ts';
import { invocation } from '../command/invocation.ts';
import { expectNoArguments, parseArguments } from '../command/parse-arguments.ts';
import { FOLDER_OPTION_LINES, FOLDER_OPTIONS, reloadGateway, withFolderAccounts } from './data-folder.ts';

/** `medkit auth reset-admin`: resets the password of an admin. */
export const resetAdmin: CommandProgram = {
  help: () =>
    helpText({
      usage: 'auth reset-admin [name]',
      about: [
        'Generates a new password for a user, prints it once, and requires a new one at the first login. Makes the user an enabled',
        'admin and ends its sessions. Without a name, resets the only admin. Requires write access to the data folder of the gateway.',
        'Works while the gateway runs.',
      ],
      options: [...FOLDER_OPTION_LINES],
      examples: [['auth reset-admin jan', 'generate a new password for jan']],
    }),

  async run(args) {
    const { values, positionals } = await parseArguments(args, FOLDER_OPTIONS);
    const [named, ...others] = positionals;
    expectNoArguments(others);
    const password = generatePassword();
    const { result: name, gateway } = await withFolderAccounts(values, async ({ users, roles }) => {
      const name = named ?? onlyAdmin({ users, roles });
      await users.change(name, { role: 'admin', disabled: false, password, mustChange: true });
      return name;
    });
    console.log(
      `${name} is an admin. Password (not shown again; must be changed at the first login):\n\n  ${password}\n`,
    );
    if (gateway) console.log(reloadGateway(gateway));
    return ExitCode.ok;
  },
};

/** Returns the only user whose role has the permission `accounts`. Users of the users file do not count. */
function onlyAdmin({ users, roles }: Pick<FolderAccounts, 'roles' | 'users'>): string {
  const storedUsers = users.list().filter(({ declared }) => !declared);
  const admins = storedUsers.filter(({ role }) => roles.permissionsOf(role)?.has('accounts'));
  const [only, ...others] = admins;
  if (only !== undefined && others.length === 0) return only.name;
  const medkit = invocation(process.env);
  if (storedUsers.length === 0) {
    throw new CommandFailed(
      `the gateway has no users: create the first with \`${medkit} auth init\``,
      ExitCode.notFound,
    );
  }
  const names = (admins.length > 0 ? admins : storedUsers).map((user) => user.name).join(', ');
  throw new CommandFailed(
    `cannot choose a user: run \`${medkit} auth reset-admin <name>\` with one of ${names}`,
    ExitCode.usage,
  );
}
