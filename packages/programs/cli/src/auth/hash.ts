import { isInteractive } from '../command/ask.ts';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { helpText } from '../command/help-text.ts';
import { expectNoArguments, parseArguments } from '../command/parse-arguments.ts';
import { readNewPassword } from './password-input.ts';

/** `medkit auth hash`: prints the hash of a password for `auth.users_file`. */
export const hash: CommandProgram = {
  help: () =>
    helpText({
      usage: 'auth hash',
      about: [
        'Prints the argon2id hash of a password for auth.users_file. The hash cannot be used to log in. Asks for the password on a',
        'terminal; otherwise reads it from standard input.',
      ],
      options: [
        ['--password-file <file>', 'file with the password; - reads standard input'],
        ['--name <name>', 'name of the user; the password must differ from it'],
      ],
      examples: [['auth hash --name jan', 'ask for the password of jan']],
    }),

  async run(args) {
    const { values, positionals } = await parseArguments(args, {
      'password-file': { type: 'string' },
      name: { type: 'string' },
    });
    expectNoArguments(positionals);
    const { 'password-file': file, name = '' } = values as Readonly<Record<string, string | undefined>>;
    const password = await readNewPassword(file ?? (isInteractive() ? undefined : '-'));
    const { AccountsRefused, passwordHash } = await import('@medkit/gateway/folder-accounts');
    const { systemRandom } = await import('@medkit/edges/node');
    try {
      console.log(await passwordHash(password, { random: systemRandom, name }));
    } catch (error) {
      if (error instanceof AccountsRefused) throw new CommandFailed(error.message, ExitCode.refused);
      throw error;
    }
    return ExitCode.ok;
  },
};
