import { columns } from '../command/columns.ts';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { invocation } from '../command/invocation.ts';
import { expectNoWords, parseWords } from '../command/parse-words.ts';
import { canAsk } from '../terminal/ask.ts';
import { newPassword } from './given-password.ts';

/** `medkit auth hash`: a password as `auth.users_file` has it. */
export const hash: CommandProgram = {
  help: () =>
    [
      `${invocation(process.env)} auth hash [options]`,
      '',
      'Prints a password as auth.users_file has it: hashed with argon2id. Whoever reads that cannot log in with it. Asks for the',
      'password on a terminal, and reads it from standard input otherwise.',
      '',
      columns([
        ['--password-file <file>', 'the password; with - that of standard input'],
        ['--name <name>', 'of the user whose it is to be, which may not be the password'],
      ]),
    ].join('\n'),

  async run(words) {
    const { values, positionals } = await parseWords(words, {
      'password-file': { type: 'string' },
      name: { type: 'string' },
    });
    expectNoWords(positionals);
    const { 'password-file': file, name = '' } = values as Readonly<Record<string, string | undefined>>;
    const password = await newPassword(file ?? (canAsk() ? undefined : '-'));
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
