import type { User, UserChange } from '@medkit/contract';
import { generatePassword } from '@medkit/gateway/generate-password';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { type Remote, remoteCommand } from '../remote/remote-command.ts';
import { plainLine } from '../terminal/display-width.ts';
import { changeCallerPassword } from './change-password.ts';
import { LIMIT_OPTION, readLimits } from './limits.ts';
import { readPassword } from './password-input.ts';
import { formatAccountLimits, readScopes, SCOPE_OPTION } from './scopes.ts';

const PASSWORD_OPTION = { takes: '<file>', about: 'file with the password; - reads standard input' };

/** `medkit auth users add`: adds a user. */
export const addUser = remoteCommand({
  usage: 'auth users add <name>',
  about: [
    'Adds a user. Without --password-file, generates a password, prints it once, and requires a new one at the first login.',
    'Built-in roles: viewer, operator, configurator, admin. The setting auth.roles defines further roles.',
  ],
  options: {
    role: { takes: '<role>', about: 'role of the user (default viewer)' },
    limit: LIMIT_OPTION,
    scope: SCOPE_OPTION,
    'password-file': PASSWORD_OPTION,
  },
  examples: [
    ['auth users add bob --role operator', 'a user who runs operations and clears faults'],
    ['auth users add eva --role operator --limit site=berlin', 'an operator of one site of a hub'],
  ],
  async run({ client, args: [name = ''], values, json }) {
    const {
      role = 'viewer',
      limit,
      scope,
      'password-file': file,
    } = values as Readonly<Record<string, string | undefined>>;
    const scopes = readScopes(scope);
    const password = file === undefined ? {} : { password: await readPassword(file) };
    const grants = readLimits(limit);
    const body = { name, role, ...password, ...(grants && { grants: [...grants] }), ...(scopes && { scopes }) };
    const { text, value } = await client.ask('createUser', { body });
    if (json) console.log(text);
    else {
      console.log(userLine(value));
      if (value.password != null) console.log(passwordLines(value.password));
    }
    return ExitCode.ok;
  },
});

/** `medkit auth users change`: changes the role of a user, and the robots or entities to which the user is limited. */
export const changeUser = remoteCommand({
  usage: 'auth users change <name>',
  about: [
    'Changes the role of a user, or limits the user to entities, or to sites and groups of a fleet hub. Open sessions and streams',
    'get the new permissions immediately. An API key of the user never has more permissions than the user.',
  ],
  options: { role: { takes: '<role>', about: 'new role of the user' }, limit: LIMIT_OPTION, scope: SCOPE_OPTION },
  examples: [
    ['auth users change bob --role viewer', 'a user who only reads'],
    ['auth users change bob --limit site=berlin,site=ulm:viewer', 'works in Berlin, and only reads in Ulm'],
    ['auth users change bob --limit none', 'the whole fleet again'],
    ['auth users change bob --scope "areas/line-2/**"', 'sees only this area and what it contains'],
  ],
  async run({ values, ...remote }) {
    const { role, limit, scope } = values as Readonly<Record<string, string | undefined>>;
    const grants = readLimits(limit);
    const scopes = readScopes(scope);
    if (role === undefined && !grants && !scopes) {
      throw new CommandFailed('missing option --role <role>, --limit <limits> or --scope <scopes>', ExitCode.usage);
    }
    return change(
      { values, ...remote },
      {
        ...(role !== undefined && { role }),
        ...(grants && { grants: [...grants] }),
        ...(scopes && { scopes }),
      },
    );
  },
});

/** `medkit auth users disable`: blocks a user without deleting it. */
export const disableUser = remoteCommand({
  usage: 'auth users disable <name>',
  about: ['Disables a user: blocks the login and all API keys, and ends open sessions and streams. Deletes nothing.'],
  examples: [['auth users disable bob', 'block a user who has left']],
  run: (remote) => change(remote, { disabled: true }),
});

/** `medkit auth users enable`: unblocks a user. */
export const enableUser = remoteCommand({
  usage: 'auth users enable <name>',
  about: ['Enables a disabled user: the login and the API keys work again.'],
  examples: [['auth users enable bob', 'unblock the user']],
  run: (remote) => change(remote, { disabled: false }),
});

/** `medkit auth users passwd`: changes your own password, or resets that of another user. */
export const changePassword = remoteCommand({
  usage: 'auth users passwd [name]',
  about: [
    'Without a name, changes your own password; the current password is required. With the name of another user, generates a',
    'password for that user, prints it once, and requires a new one at the next login. Ends the other sessions of the user.',
    'API keys stay valid.',
  ],
  options: {
    'password-file': {
      takes: '<file>',
      about: 'file with your current password, or with the new password of the other user; - reads standard input',
    },
    'new-password-file': { takes: '<file>', about: 'file with your new password; - reads standard input' },
    'end-keys': { about: 'also revoke all your API keys' },
  },
  examples: [
    ['auth users passwd', 'change your own password'],
    ['auth users passwd bob', 'reset a forgotten password'],
  ],
  async run(remote) {
    const { client, args, values, json } = remote;
    const [name] = args;
    const { principal } = await client.call('getMe', {});
    const currentUser = await currentUserOf(remote, principal);
    if (name === undefined || name === currentUser) return changeCallerPassword(name ?? currentUser, values);
    const { 'password-file': file } = values as Readonly<Record<string, string | undefined>>;
    const password = file === undefined ? generatePassword() : await readPassword(file);
    const { text } = await client.ask('changeUser', { path: { user_name: name }, body: { password } });
    if (json) console.log(text);
    else if (file === undefined) console.log(passwordLines(password));
    return ExitCode.ok;
  },
});

/** `medkit auth users remove`: deletes a user with its keys and sessions. */
export const removeUser = remoteCommand({
  usage: 'auth users remove <name>',
  about: ['Removes a user with all API keys and sessions. Audit records of the user stay.'],
  examples: [['auth users remove bob', 'delete the account of bob']],
  async run({ client, args: [name = ''] }) {
    await client.call('deleteUser', { path: { user_name: name } });
    return ExitCode.ok;
  },
});

/** Returns the user behind the credential: the logged-in user, or the owner of the API key. */
async function currentUserOf({ client }: Remote, principal: string): Promise<string | undefined> {
  if (principal.startsWith('user:')) return principal.slice('user:'.length);
  const { items } = await client.call('listApiKeys', {});
  const owner = items.find(({ id }) => principal === `key:${id}`)?.owner;
  return owner?.startsWith('user:') ? owner.slice('user:'.length) : undefined;
}

async function change({ client, args: [name = ''], json }: Remote, body: UserChange): Promise<ExitCode> {
  const { text, value } = await client.ask('changeUser', { path: { user_name: name }, body });
  if (json) console.log(text);
  else console.log(userLine(value));
  return ExitCode.ok;
}

function userLine(user: Pick<User, 'disabled' | 'grants' | 'name' | 'role' | 'scopes'>): string {
  const { name, role, disabled } = user;
  const limits = formatAccountLimits(user);
  return plainLine(`${name}: role ${role}${limits && `, limited to ${limits}`}${disabled ? ', disabled' : ''}`);
}

const passwordLines = (password: string): string =>
  `Password (not shown again; must be changed at the next login):\n\n  ${password}\n`;
