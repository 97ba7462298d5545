import type { ApiKey } from '@medkit/contract';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { readInteger } from '../command/parse-arguments.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { plainLine } from '../terminal/display-width.ts';
import { formatTime } from '../terminal/format.ts';
import { type Cell, table } from '../terminal/table.ts';
import { LIMIT_OPTION, readLimits } from './limits.ts';
import { formatAccountLimits, readScopes, SCOPE_OPTION } from './scopes.ts';

const HEAD = ['ID', 'NAME', 'ROLE', 'OWNER', 'LAST USED', 'UNTIL', 'STATE', 'ONLY', 'LIMITED TO'];
const MAX_DAYS = 3650;
const COLOURS = { active: 'green', expired: 'yellow', disabled: 'yellow' } as const;

/** `medkit auth keys`: lists API keys. */
export const listKeys = remoteCommand({
  usage: 'auth keys',
  about: [
    'Lists your API keys; an admin sees the keys of all users. A key never has more permissions than its owner has now. It is',
    '`disabled` while its owner is disabled.',
  ],
  async run({ client, json }) {
    const { text, value } = await client.ask('listApiKeys', {});
    console.log(json ? text : keyTable(value.items));
    return ExitCode.ok;
  },
});

/** API keys as a table. The secret of a key is available only when it is created. */
export function keyTable(keys: readonly ApiKey[]): string {
  return keys.length === 0 ? 'No API keys. Create one with `auth keys create <name>`.' : table(HEAD, keys.map(row));
}

function row(key: ApiKey): readonly Cell[] {
  const { id, name, role, owner, last_used_at, expires_at, state, permissions } = key;
  return [
    id,
    name,
    role,
    owner,
    last_used_at == null ? 'never' : formatTime(new Date(last_used_at)),
    expires_at == null ? 'always' : formatTime(new Date(expires_at)),
    { text: state, colour: COLOURS[state] },
    permissions?.join(', ') ?? '',
    formatAccountLimits(key),
  ];
}

/** `medkit auth keys create`: creates an API key. */
export const createKey = remoteCommand({
  usage: 'auth keys create <name>',
  about: [
    'Creates an API key for a program, which sends it as `Authorization: Bearer <key>`. Prints only the key to standard output,',
    'once, so that it can be redirected to a file. The key never has more permissions than you. Choose the smallest sufficient',
    'role, and limit it further with --permissions.',
  ],
  options: {
    role: { takes: '<role>', about: 'role of the key (default viewer)' },
    permissions: {
      takes: '<names>',
      about: 'comma-separated subset of the permissions of the role: read,faults.clear',
    },
    limit: LIMIT_OPTION,
    scope: SCOPE_OPTION,
    days: { takes: '<days>', about: 'validity in days, 1 to 3650 (default 90)' },
    never: { about: 'valid until revoked' },
  },
  examples: [
    ['auth keys create grafana > grafana.key', 'a read-only key for a dashboard'],
    ['auth keys create line-4 --role operator --permissions read,faults.clear', 'a key that reads and clears faults'],
    ['auth keys create acme --scope "tag:supplier=acme/** collections=faults,data"', 'a key of a supplier'],
  ],
  async run({ client, args: [name = ''], values, json }) {
    const { role = 'viewer', permissions, limit, scope, days } = values as Readonly<Record<string, string | undefined>>;
    const never = values.never === true;
    if (never && days !== undefined)
      throw new CommandFailed('--days and --never exclude each other: pass one of them', ExitCode.usage);
    const grants = readLimits(limit);
    const scopes = readScopes(scope);
    const body = {
      name,
      role,
      ...(permissions !== undefined && { permissions: permissions.split(',').map((each) => each.trim()) }),
      ...(grants && { grants: [...grants] }),
      ...(scopes && { scopes }),
      ...(days !== undefined && { expires_in_days: readInteger('days', days, MAX_DAYS) }),
      ...(never && { never_expires: true }),
    };
    const { text, value } = await client.ask('createApiKey', { body });
    console.log(json ? text : value.key);
    if (!json) {
      const until = value.expires_at == null ? 'until revoked' : `until ${value.expires_at.slice(0, 10)}`;
      console.error(
        plainLine(`Created the API key ${value.name}: role ${value.role}, valid ${until}. It is not shown again.`),
      );
    }
    return ExitCode.ok;
  },
});

/** `medkit auth keys revoke`: revokes an API key. */
export const revokeKey = remoteCommand({
  usage: 'auth keys revoke <id>',
  about: [
    'Revokes an API key and the keys that were created with it. Open streams of these keys end immediately. `auth keys` lists',
    'the ids.',
  ],
  examples: [['auth keys revoke 4fmd81xk', 'the key of a removed dashboard']],
  async run({ client, args: [id = ''] }) {
    await client.call('deleteApiKey', { path: { key_id: id } });
    return ExitCode.ok;
  },
});
