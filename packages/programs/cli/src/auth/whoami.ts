import type { PrincipalInfo } from '@medkit/contract';
import { columns } from '../command/columns.ts';
import { ExitCode } from '../command/exit-code.ts';
import { keptCredential } from '../remote/kept-credentials.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { plainLine } from '../terminal/display-width.ts';
import { timeInWords } from '../terminal/in-words.ts';

/** By what somebody was let in, in words. */
const METHODS: Readonly<Record<PrincipalInfo['method'], string>> = {
  none: 'nothing: whoever asks may do this',
  token: 'server.token',
  key: 'an API key',
  session: 'a login at the page',
  jwt: 'a token of /auth/authorize',
  plugin: 'a plugin of the gateway',
};

/** `medkit whoami`: whom the gateway takes this for. */
export const whoami = remoteCommand({
  usage: 'whoami',
  about: ['Shows whom the gateway takes you for, by what, until when, and what that allows.'],
  async run({ client, json }) {
    const { text, value } = await client.ask('getMe', {});
    const login = keptCredential(client.url, process.env);
    const isLogin = login !== undefined && value.principal === `key:${login.id}`;
    console.log(json ? text : principalLines(value, isLogin ? login.user : undefined));
    return ExitCode.ok;
  },
});

/** A line each; `user` is who has logged in here, where it is that login by which somebody is let in. */
export function principalLines(info: PrincipalInfo, user?: string): string {
  const { principal, role, permissions, method, expires_at, must_change_password } = info;
  const until = expires_at == null ? [] : [['until', timeInWords(new Date(expires_at))]];
  return columns(
    [
      ['who', user === undefined ? principal : `${user}, by ${principal}`],
      ['by', METHODS[method] ?? method],
      ['role', role],
      ...until,
      ['may', permissions.length === 0 ? 'nothing' : permissions.join(', ')],
      ...(must_change_password ? [['first', 'the password has to be changed: `login` does it']] : []),
    ].map((row) => row.map(plainLine)),
  );
}
