import type { PrincipalInfo } from '@medkit/contract';
import { columns } from '../command/columns.ts';
import { ExitCode } from '../command/exit-code.ts';
import { isOfProvider, storedCredential } from '../remote/credential-store.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { plainLine } from '../terminal/display-width.ts';
import { formatTime } from '../terminal/format.ts';
import { formatAccountLimits } from './scopes.ts';

/** Names of the authentication methods. */
const METHODS: Readonly<Record<PrincipalInfo['method'], string>> = {
  none: 'none: every client has these permissions',
  token: 'server.token',
  key: 'an API key',
  session: 'a browser session',
  jwt: 'a token from /auth/authorize',
  oidc: 'a token of the identity provider',
  certificate: 'a client certificate',
  plugin: 'a plugin of the gateway',
  hub: 'the fleet hub of the robot',
};

/** `medkit whoami`: shows the identity of this client at the gateway. */
export const whoami = remoteCommand({
  usage: 'whoami',
  about: ['Shows your identity at the gateway, how you are authenticated, until when, and your role and permissions.'],
  async run({ client, json }) {
    const { text, value } = await client.ask('getMe', {});
    const login = storedCredential(client.url, process.env);
    const isLogin = login !== undefined && !isOfProvider(login) && value.principal === `key:${login.id}`;
    console.log(json ? text : principalLines(value, isLogin ? login.user : undefined));
    return ExitCode.ok;
  },
});

/** One line per property. `user` is set if the stored login was used. */
export function principalLines(info: PrincipalInfo, user?: string): string {
  const { principal, role, permissions, method, expires_at, must_change_password } = info;
  const limits = formatAccountLimits(info);
  const until = expires_at == null ? [] : [['valid until', formatTime(new Date(expires_at))]];
  return columns(
    [
      ['identity', user === undefined ? principal : `${user} (${principal})`],
      ['authenticated by', METHODS[method] ?? method],
      ['role', role],
      ...(limits ? [['limited to', limits]] : []),
      ...until,
      ['permissions', permissions.length === 0 ? 'none' : permissions.join(', ')],
      ...(must_change_password ? [['note', 'the password must be changed first: run `login`']] : []),
    ].map((row) => row.map(plainLine)),
  );
}
