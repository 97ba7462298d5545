import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { ask, askSecret, isInteractive } from '../command/ask.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';

/** Maximum length of a password in a file, characters. A longer file is not a password file. */
const MAX_CHARACTERS = 4096;

/** Reads a password from a file, or from standard input if `file` is `-`. Removes the final line break. */
export async function readPassword(file: string): Promise<string> {
  const from = file === '-' ? 'standard input' : file;
  const read = file === '-' ? text(process.stdin) : readFile(file, 'utf8');
  const all = await read.catch((error: Error) => {
    throw new CommandFailed(`cannot read the password: ${error.message}`, ExitCode.usage);
  });
  const password = all.replace(/\r?\n$/, '');
  if (password !== '' && password.length <= MAX_CHARACTERS && !/[\r\n]/.test(password)) return password;
  throw new CommandFailed(
    `${from} has no valid password: expected one line of at most ${MAX_CHARACTERS} characters`,
    ExitCode.usage,
  );
}

/** Returns the current password: from the file if one is named, otherwise asks on the terminal. */
export async function readCurrentPassword(file: string | undefined, question = 'Password: '): Promise<string> {
  if (file !== undefined) return readPassword(file);
  refuseWithoutTerminal('a password');
  return askSecret(question);
}

/** Returns a new password: from the file if one is named, otherwise asks twice on the terminal. */
export async function readNewPassword(file: string | undefined, option = 'password-file'): Promise<string> {
  if (file !== undefined) return readPassword(file);
  refuseWithoutTerminal('a new password', option);
  const password = await askSecret('New password: ');
  if (password === (await askSecret('Repeat new password: '))) return password;
  throw new CommandFailed('the passwords do not match: nothing was changed', ExitCode.usage);
}

/** Returns the name of the user: the given one, otherwise asks on the terminal. */
export async function readUserName(name: string | undefined): Promise<string> {
  if (name !== undefined) return name;
  if (isInteractive()) return (await ask('Name: ')).trim();
  throw new CommandFailed('missing user name: pass --user <name>, or run the command in a terminal', ExitCode.usage);
}

function refuseWithoutTerminal(what: string, option = 'password-file'): void {
  if (isInteractive()) return;
  throw new CommandFailed(
    `cannot ask for ${what} without a terminal: pass --${option} <file>, or --${option} - to read standard input`,
    ExitCode.usage,
  );
}
