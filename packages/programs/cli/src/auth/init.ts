import { generatePassword } from '@medkit/gateway/generate-password';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { helpText } from '../command/help-text.ts';
import { invocation } from '../command/invocation.ts';
import { expectNoArguments, parseArguments } from '../command/parse-arguments.ts';
import { FOLDER_OPTION_LINES, FOLDER_OPTIONS, reloadGateway, resetCommand, withFolderAccounts } from './data-folder.ts';
import { readPassword } from './password-input.ts';

/** `medkit auth init`: creates the first user, an admin. */
export const init: CommandProgram = {
  help: () =>
    helpText({
      usage: 'auth init',
      about: [
        'Creates the first user of a gateway, an admin, in its data folder. Without --password-file, generates a password, prints it',
        'once, and requires a new one at the first login. Works while the gateway runs. From then on the gateway requires a login.',
      ],
      options: [
        ['--name <name>', 'name of the user (default admin)'],
        ['--password-file <file>', 'file with the password; - reads standard input'],
        ...FOLDER_OPTION_LINES,
      ],
      examples: [['auth init --name jan', 'create the admin jan with a generated password']],
    }),

  async run(args) {
    const { values, positionals } = await parseArguments(args, {
      ...FOLDER_OPTIONS,
      name: { type: 'string' },
      'password-file': { type: 'string' },
    });
    expectNoArguments(positionals);
    const { name = 'admin', 'password-file': file } = values as Readonly<Record<string, string | undefined>>;
    const filePassword = file === undefined ? undefined : await readPassword(file);
    const password = filePassword ?? generatePassword();
    const { gateway, result: place } = await withFolderAccounts(values, async ({ users, place: database }) => {
      const [first] = users.list();
      if (first !== undefined) {
        throw new CommandFailed(
          `the gateway already has users, such as ${first.name}: to reset a lost admin password, run \`${resetCommand()}\``,
          ExitCode.refused,
        );
      }
      await users.add({ name, role: 'admin', password, mustChange: filePassword === undefined });
      return database;
    });
    console.log(`Created the admin user "${name}" in ${place}.`);
    if (filePassword === undefined) {
      console.log(`Password (not shown again; must be changed at the first login):\n\n  ${password}\n`);
    }
    if (gateway) console.log(reloadGateway(gateway));
    console.log(`Log in with \`${invocation(process.env)} login --user ${name}\`, or in the web UI of the gateway.`);
    return ExitCode.ok;
  },
};
