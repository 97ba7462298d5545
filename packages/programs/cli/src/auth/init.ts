import { madeUpPassword } from '@medkit/gateway/made-up-password';
import { columns } from '../command/columns.ts';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { invocation } from '../command/invocation.ts';
import { expectNoWords, parseWords } from '../command/parse-words.ts';
import { FOLDER_OPTION_LINES, FOLDER_OPTIONS, resetCommand, tellGateway, withFolderAccounts } from './data-folder.ts';
import { passwordIn } from './given-password.ts';

/** `medkit auth init`: the first user of a robot, who makes the others. */
export const init: CommandProgram = {
  help: () =>
    [
      `${invocation(process.env)} auth init [options]`,
      '',
      'Makes the first user of a gateway, an admin, in its data folder. The password is made up, printed this once, and has to be',
      'changed at the first login, unless a file gives one. Works also while the gateway runs. From then on the gateway asks who comes.',
      '',
      columns([
        ['--name <name>', 'of the user (default admin)'],
        ['--password-file <file>', 'its password; with - that of standard input'],
        ...FOLDER_OPTION_LINES,
      ]),
    ].join('\n'),

  async run(words) {
    const { values, positionals } = await parseWords(words, {
      ...FOLDER_OPTIONS,
      name: { type: 'string' },
      'password-file': { type: 'string' },
    });
    expectNoWords(positionals);
    const { name = 'admin', 'password-file': file } = values as Readonly<Record<string, string | undefined>>;
    const given = file === undefined ? undefined : await passwordIn(file);
    const password = given ?? madeUpPassword();
    const { gateway, folder } = await withFolderAccounts(values, async ({ users }) => {
      const [first] = users.list();
      if (first !== undefined) {
        throw new CommandFailed(
          `there are users already, such as ${first.name}: \`${resetCommand()}\` lets an admin in who has lost the password`,
          ExitCode.refused,
        );
      }
      await users.add({ name, role: 'admin', password, mustChange: given === undefined });
    });
    console.log(`${name} may do everything now, by ${folder}/auth.db.`);
    if (given === undefined) {
      console.log(`Its password, to be changed at the first login and not shown again:\n\n  ${password}\n`);
    }
    if (gateway) console.log(tellGateway(gateway));
    console.log(`Log in with \`${invocation(process.env)} login --user ${name}\`, or at the page of the gateway.`);
    return ExitCode.ok;
  },
};
