import { GatewayRefused } from '@medkit/client';
import type { FleetGroup, FleetGroupSelector } from '@medkit/contract';
import { ExitCode } from '../command/exit-code.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { formatTime } from '../terminal/format.ts';
import { table } from '../terminal/table.ts';

const HEAD = ['GROUP', 'SITE', 'LABELS', 'VERSION', 'NAME CONTAINS', 'CHANGED', 'BY'];

/** `medkit fleet groups`: lists the groups. */
export const listGroups = remoteCommand({
  usage: 'fleet groups',
  asksHub: true,
  about: [
    'Lists the groups of robots with their filters. A group is a saved filter: `fleet --group` lists its robots.',
  ],
  examples: [['fleet --group amr-200', 'the robots of the group amr-200']],
  async run({ client, json }) {
    const { text, value } = await client.ask('listFleetGroups', {});
    console.log(json ? text : groupTable(value.items));
    return ExitCode.ok;
  },
});

/** Groups as a table. */
export function groupTable(groups: readonly FleetGroup[]): string {
  if (groups.length === 0) return 'no groups: create one with `fleet groups set <group> --site <site>`';
  const rows = groups.map(({ id, site, labels, version, q, changed_at, changed_by }) => [
    id,
    site ?? '',
    labels?.join(' ') ?? '',
    version ?? '',
    q ?? '',
    formatTime(new Date(changed_at)),
    changed_by,
  ]);
  return table(HEAD, rows);
}

/** `medkit fleet groups set`: creates a group, or replaces its filter. */
export const setGroup = remoteCommand({
  usage: 'fleet groups set <group> […]',
  asksHub: true,
  about: [
    'Creates a group of robots, or replaces its filter. Each further argument is a label that the robots have: `name` or',
    '`name=value`. Without a filter, the group has all robots.',
  ],
  options: {
    site: { takes: '<site>', about: 'robots of this site' },
    version: { takes: '<version>', about: 'robots with this version of medkit or of their software' },
    find: { takes: '<text>', about: 'robots whose name contains this text' },
  },
  examples: [['fleet groups set berlin-amr-200 model=amr-200 --site berlin', 'the robots of a model in Berlin']],
  async run({ client, args: [group = '', ...labels], values, json }) {
    const { site, version, find: q } = values as Readonly<Record<string, string | undefined>>;
    const body: FleetGroupSelector = {
      ...(site !== undefined && { site }),
      ...(labels.length > 0 && { labels }),
      ...(version !== undefined && { version }),
      ...(q !== undefined && { q }),
    };
    const { text } = await client
      .ask('changeFleetGroup', { path: { group }, body })
      .catch((error: unknown) =>
        error instanceof GatewayRefused && error.code === 'resource-not-found'
          ? client.ask('createFleetGroup', { body: { id: group, ...body } })
          : Promise.reject(error),
      );
    if (json) console.log(text);
    return ExitCode.ok;
  },
});

/** `medkit fleet groups remove`: removes a group. */
export const removeGroup = remoteCommand({
  usage: 'fleet groups remove <group>',
  asksHub: true,
  about: ['Removes a group of robots. Its robots stay.'],
  async run({ client, args: [group = ''] }) {
    await client.call('deleteFleetGroup', { path: { group } });
    return ExitCode.ok;
  },
});
