import { madeUpPassword } from '@medkit/gateway/made-up-password';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { type Remote, remoteCommand } from '../remote/remote-command.ts';
import { plainLine } from '../terminal/display-width.ts';
import { passwordIn } from './given-password.ts';
import { changeOwnPassword } from './own-password.ts';

const PASSWORD_OPTION = { takes: '<file>', about: 'the password; with - that of standard input' };

/** `medkit auth users add`: another user. */
export const addUser = remoteCommand({
  usage: 'auth users add <name>',
  about: [
    'Adds a user. The password is made up, printed this once, and has to be changed at the first login, unless a file gives one.',
    'Built-in roles are viewer, operator, configurator and admin; auth.roles has those of your own.',
  ],
  options: {
    role: { takes: '<role>', about: 'what it may do (default viewer)' },
    'password-file': PASSWORD_OPTION,
  },
  examples: [['auth users add bob --role operator', 'somebody who runs operations and clears faults']],
  async run({ client, words: [name = ''], values, json }) {
    const { role = 'viewer', 'password-file': file } = values as Readonly<Record<string, string | undefined>>;
    const password = file === undefined ? {} : { password: await passwordIn(file) };
    const { text, value } = await client.ask('createUser', { body: { name, role, ...password } });
    if (json) console.log(text);
    else {
      console.log(plainLine(`${value.name} is ${value.role}`));
      if (value.password != null) console.log(passwordLines(value.password));
    }
    return ExitCode.ok;
  },
});

/** `medkit auth users change`: another role. */
export const changeUser = remoteCommand({
  usage: 'auth users change <name>',
  about: [
    'Gives a user another role. What it has open is judged anew at once; its keys may no more than it from now on.',
  ],
  options: { role: { takes: '<role>', about: 'what it may do from now on' } },
  examples: [['auth users change bob --role viewer', 'somebody who only looks']],
  async run({ values, ...remote }) {
    const { role } = values;
    if (typeof role !== 'string') throw new CommandFailed('what is to change? --role <role> says it', ExitCode.usage);
    return change({ values, ...remote }, { role });
  },
});

/** `medkit auth users disable`: out, but not gone. */
export const disableUser = remoteCommand({
  usage: 'auth users disable <name>',
  about: ['Lets a user in no more, nor its keys, and ends what it has open. Nothing of it is removed.'],
  examples: [['auth users disable bob', 'somebody who has left']],
  run: (remote) => change(remote, { disabled: true }),
});

/** `medkit auth users enable`: in again. */
export const enableUser = remoteCommand({
  usage: 'auth users enable <name>',
  about: ['Takes that back: the user may log in again, and its keys count.'],
  examples: [['auth users enable bob', 'somebody who is back']],
  run: (remote) => change(remote, { disabled: false }),
});

/** `medkit auth users passwd`: another password, one's own or that of somebody who has lost it. */
export const changePassword = remoteCommand({
  usage: 'auth users passwd [name]',
  about: [
    'Changes your own password, which asks for the one that you have. Given the name of somebody else, it gives that one a',
    'password that is made up, printed this once, and has to be changed at the next login. What else the user has open ends; keys stay.',
  ],
  options: {
    'password-file': { takes: '<file>', about: 'your password as it is, or the new one of somebody else' },
    'new-password-file': { takes: '<file>', about: 'your new password' },
    'end-keys': { about: 'also revokes all of your API keys' },
  },
  examples: [
    ['auth users passwd', 'your own'],
    ['auth users passwd bob', 'of somebody who has forgotten it'],
  ],
  async run(remote) {
    const { client, words, values, json } = remote;
    const [name] = words;
    const { principal } = await client.call('getMe', {});
    const own = await ownUser(remote, principal);
    if (name === undefined || name === own) return changeOwnPassword(name ?? own, values);
    const { 'password-file': file } = values as Readonly<Record<string, string | undefined>>;
    const password = file === undefined ? madeUpPassword() : await passwordIn(file);
    const { text } = await client.ask('changeUser', { path: { user_name: name }, body: { password } });
    if (json) console.log(text);
    else if (file === undefined) console.log(passwordLines(password));
    return ExitCode.ok;
  },
});

/** `medkit auth users remove`: gone, with everything that it has. */
export const removeUser = remoteCommand({
  usage: 'auth users remove <name>',
  about: ['Removes a user with its keys and sessions. What it did stays in the audit log.'],
  examples: [['auth users remove bob', 'somebody who does not come back']],
  async run({ client, words: [name = ''] }) {
    await client.call('deleteUser', { path: { user_name: name } });
    return ExitCode.ok;
  },
});

/** The user who asks, also by a key of its own. */
async function ownUser({ client }: Remote, principal: string): Promise<string | undefined> {
  if (principal.startsWith('user:')) return principal.slice('user:'.length);
  const { items } = await client.call('listApiKeys', {});
  const owner = items.find(({ id }) => principal === `key:${id}`)?.owner;
  return owner?.startsWith('user:') ? owner.slice('user:'.length) : undefined;
}

async function change(
  { client, words: [name = ''], json }: Remote,
  body: { readonly role?: string; readonly disabled?: boolean },
): Promise<ExitCode> {
  const { text, value } = await client.ask('changeUser', { path: { user_name: name }, body });
  if (json) console.log(text);
  else console.log(plainLine(`${value.name} is ${value.role}${value.disabled ? ', and disabled' : ''}`));
  return ExitCode.ok;
}

const passwordLines = (password: string): string =>
  `The password, to be changed at the next login and not shown again:\n\n  ${password}\n`;
