import { isInteractive } from '../command/ask.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import type { OptionValues } from '../command/parse-arguments.ts';
import { plainLine } from '../terminal/display-width.ts';
import { readCurrentPassword, readNewPassword, readUserName } from './password-input.ts';
import { passwordLogin } from './password-login.ts';

/** Changes the password of the user who runs the command. */
export async function changeCallerPassword(user: string | undefined, values: OptionValues): Promise<ExitCode> {
  const { 'password-file': file, 'new-password-file': newFile } = values as Readonly<
    Record<string, string | undefined>
  >;
  const name = await readUserName(user);
  const password = await readCurrentPassword(file, `Current password of ${name}: `);
  const { client } = await passwordLogin(values, name, password);
  const next = await readNewPassword(newFile, 'new-password-file');
  const { items: keys } = await client.call('listApiKeys', {});
  const userKeys = keys.filter(({ owner }) => owner === `user:${name}`);
  const endKeys = values['end-keys'] === true;
  await client.call('changePassword', { body: { password, new_password: next, end_keys: endKeys } });
  console.log(`Password changed. Your other sessions have ended${endKeys ? ', and your API keys are revoked' : ''}.`);
  if (!endKeys && userKeys.length > 0) {
    console.log(
      plainLine(
        `Your API keys stay valid: ${userKeys.map(keyText).join(', ')}. To revoke them as well, use --end-keys.`,
      ),
    );
  }
  return ExitCode.ok;
}

const keyText = ({ id, name, created_at }: { id: string; name: string; created_at: string }): string =>
  `${name} (${id}, created ${created_at.slice(0, 10)})`;

/** Replaces a password that must be changed first, and returns the new password. */
export async function replaceInitialPassword(
  login: Awaited<ReturnType<typeof passwordLogin>>,
  password: string,
  newFile: string | undefined,
): Promise<string> {
  if (newFile === undefined && !isInteractive()) {
    throw new CommandFailed(
      'the password must be changed first: pass a new one with --new-password-file <file>',
      ExitCode.notAllowed,
    );
  }
  if (newFile === undefined) console.error('The password must be changed first.');
  const next = await readNewPassword(newFile, 'new-password-file');
  await login.client.call('changePassword', { body: { password, new_password: next } });
  return next;
}
