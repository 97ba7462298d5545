import type { ApiKey } from '@medkit/contract';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { readWhole } from '../command/parse-words.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { plainLine } from '../terminal/display-width.ts';
import { timeInWords } from '../terminal/in-words.ts';
import { type Cell, table } from '../terminal/table.ts';

const HEAD = ['ID', 'NAME', 'ROLE', 'OWNER', 'LAST USED', 'UNTIL', 'STATE', 'ONLY'];
const MAX_DAYS = 3650;
const COLOURS = { active: 'green', expired: 'yellow', disabled: 'yellow' } as const;

/** `medkit auth keys`: what programs log in with. */
export const listKeys = remoteCommand({
  usage: 'auth keys',
  about: [
    'Lists API keys, which programs send to log in: yours, and as an admin those of all. A key may never do more than its owner may',
    'at the moment; it is `disabled` where its owner is.',
  ],
  async run({ client, json }) {
    const { text, value } = await client.ask('listApiKeys', {});
    console.log(json ? text : keyTable(value.items));
    return ExitCode.ok;
  },
});

/** Names as they were given; texts of keys are not known any more. */
export function keyTable(keys: readonly ApiKey[]): string {
  return keys.length === 0 ? 'There are no keys: `auth keys create <name>` makes one.' : table(HEAD, keys.map(row));
}

function row({ id, name, role, owner, last_used_at, expires_at, state, permissions }: ApiKey): readonly Cell[] {
  return [
    id,
    name,
    role,
    owner,
    last_used_at == null ? 'never' : timeInWords(new Date(last_used_at)),
    expires_at == null ? 'always' : timeInWords(new Date(expires_at)),
    { text: state, colour: COLOURS[state] },
    permissions?.join(', ') ?? '',
  ];
}

/** `medkit auth keys create`: what a program logs in with. */
export const createKey = remoteCommand({
  usage: 'auth keys create <name>',
  about: [
    'Makes an API key for a program, which sends it as `Authorization: Bearer <key>`. It is printed this once, alone, so that it can',
    'go to a file. It may what you may, or less: give it the role that does, and name its permissions where that is still too much.',
  ],
  options: {
    role: { takes: '<role>', about: 'what it may do (default viewer)' },
    permissions: { takes: '<names>', about: 'only these of the role, with commas: read,faults.clear' },
    days: { takes: '<days>', about: 'for how long it counts (default 90)' },
    never: { about: 'it counts until it is revoked' },
  },
  examples: [
    ['auth keys create grafana > grafana.key', 'for a dashboard: it reads'],
    ['auth keys create line-4 --role operator --permissions read,faults.clear', 'reads, and clears faults'],
  ],
  async run({ client, words: [name = ''], values, json }) {
    const { role = 'viewer', permissions, days } = values as Readonly<Record<string, string | undefined>>;
    const never = values.never === true;
    if (never && days !== undefined) throw new CommandFailed('--days or --never, not both', ExitCode.usage);
    const body = {
      name,
      role,
      ...(permissions !== undefined && { permissions: permissions.split(',').map((each) => each.trim()) }),
      ...(days !== undefined && { expires_in_days: readWhole('days', days, MAX_DAYS) }),
      ...(never && { never_expires: true }),
    };
    const { text, value } = await client.ask('createApiKey', { body });
    console.log(json ? text : value.key);
    if (!json) {
      const until = value.expires_at == null ? 'until it is revoked' : `until ${value.expires_at.slice(0, 10)}`;
      console.error(plainLine(`${value.name} is ${value.role} with it, ${until}. It is not shown again.`));
    }
    return ExitCode.ok;
  },
});

/** `medkit auth keys revoke`: it counts no more. */
export const revokeKey = remoteCommand({
  usage: 'auth keys revoke <id>',
  about: [
    'Revokes a key, and those that were made with it. What was opened with it ends at once. `auth keys` has the ids.',
  ],
  examples: [['auth keys revoke 4fmd81xk', 'of a dashboard that is gone']],
  async run({ client, words: [id = ''] }) {
    await client.call('deleteApiKey', { path: { key_id: id } });
    return ExitCode.ok;
  },
});
