import { hostname } from 'node:os';
import type { Client } from '@medkit/client';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { helpText } from '../command/help-text.ts';
import { expectNoArguments, type OptionValues, parseArguments } from '../command/parse-arguments.ts';
import { printError } from '../command/print-error.ts';
import { certificateFailure } from '../remote/certificate-failure.ts';
import {
  addressOf,
  CONNECTION_OPTIONS,
  connectAs,
  hasConfiguredToken,
  LOGIN_OPTION_LINES,
} from '../remote/connection.ts';
import {
  isOfProvider,
  type StoredCredential,
  type StoredKey,
  storeCredential,
  storedCredential,
} from '../remote/credential-store.ts';
import { revokeTokens } from '../remote/provider-tokens.ts';
import { remoteFailure } from '../remote/remote-failure.ts';
import { plainLine } from '../terminal/display-width.ts';
import { formatTime } from '../terminal/format.ts';
import { replaceInitialPassword } from './change-password.ts';
import { readCurrentPassword, readUserName } from './password-input.ts';
import { passwordLogin } from './password-login.ts';

/** Validity of the API key that a login creates, days. */
const KEY_DAYS = 30;
const MAX_KEY_NAME = 64;

/** `medkit login`: stores an API key that later commands use. */
export const login: CommandProgram = {
  help: () =>
    helpText({
      usage: 'login',
      about: [
        'Asks for name and password, creates an API key, and stores it for this gateway in ~/.config/medkit/credentials.json, which',
        `only you can read. The key is valid for ${KEY_DAYS} days. The password is not stored. Commands use the key for this address unless`,
        'a token is passed with an option or an environment variable. With --oidc, you log in at the identity provider of the gateway',
        'instead: the command prints an address to open in a browser, and stores and renews the tokens of the provider.',
      ],
      options: [
        ['--oidc', 'log in at the identity provider, with a browser on any device'],
        ['--user <name>', 'name of the user (default: asks)'],
        ['--password-file <file>', 'file with the password; - reads standard input (default: asks)'],
        ['--new-password-file <file>', 'file with a new password, if the password must be changed first'],
      ],
      connection: LOGIN_OPTION_LINES,
      examples: [
        ['login --url robot-01 --user jan', 'log in to a gateway as jan'],
        ['login --url https://fleet.example --oidc', 'log in with your company account'],
      ],
    }),

  async run(args) {
    const { values, positionals } = await parseArguments(args, {
      ...CONNECTION_OPTIONS,
      oidc: { type: 'boolean' },
      user: { type: 'string' },
      'password-file': { type: 'string' },
      'new-password-file': { type: 'string' },
    });
    expectNoArguments(positionals);
    if (values.oidc === true && (values.user ?? values['password-file'] ?? values['new-password-file']) !== undefined)
      throw new CommandFailed(
        '--oidc takes no user and no password: the identity provider asks for them',
        ExitCode.usage,
      );
    const url = addressOf(values, process.env);
    // Fails on an unreadable credentials file before the user types a password.
    const before = storedCredential(url, process.env);
    const begin = values.oidc === true ? (await import('./provider-login.ts')).providerLogin : newCredential;
    const credential = await begin(values).catch(async (error) => {
      throw (await certificateFailure(error)) ?? remoteFailure(error);
    });
    storeCredential(url, credential, process.env);
    if (before) await forget(before, connectAs(tokenOf(credential), values, process.env));
    const isRenewed = isOfProvider(credential) && credential.refresh_token !== undefined;
    const { expires_at: end } = credential;
    const until = end === undefined || isRenewed ? '' : `, until ${formatTime(new Date(end))}`;
    console.log(plainLine(`Logged in to ${url} as ${credential.user}${until}`));
    if (hasConfiguredToken(values, process.env)) {
      printError(
        'warning: a token is set with --token, --token-file, MEDKIT_TOKEN or MEDKIT_TOKEN_FILE and takes precedence over this login',
      );
    }
    return ExitCode.ok;
  },
};

const tokenOf = (credential: StoredCredential): string =>
  isOfProvider(credential) ? credential.access_token : credential.key;

async function newCredential(values: OptionValues): Promise<StoredKey> {
  const {
    user,
    'password-file': file,
    'new-password-file': newFile,
  } = values as Readonly<Record<string, string | undefined>>;
  const name = await readUserName(user);
  const password = await readCurrentPassword(file);
  const first = await passwordLogin(values, name, password);
  const current = first.mustChange ? await replaceInitialPassword(first, password, newFile) : password;
  const session = first.mustChange ? await passwordLogin(values, name, current) : first;
  const body = { name: `medkit on ${hostname()}`.slice(0, MAX_KEY_NAME), expires_in_days: KEY_DAYS, password: current };
  const { id, key, expires_at } = await session.client.call('createApiKey', { body });
  await session.end();
  return { user: name, id, key, ...(expires_at != null && { expires_at }) };
}

/** Revokes the previous login. A failure, for example because it is already revoked, is only a warning. */
async function forget(before: StoredCredential, client: Client): Promise<void> {
  const revoked = isOfProvider(before)
    ? revokeTokens(before)
    : client.call('deleteApiKey', { path: { key_id: before.id } });
  await revoked.catch((error) => {
    printError(
      `warning: the previous login was not revoked and stays valid until it expires: ${(remoteFailure(error) as Error).message}`,
    );
  });
}
