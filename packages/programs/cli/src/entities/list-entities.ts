import type { Client, EntityRef } from '@medkit/client';
import type { AppListItem, ComponentListItem, EntityKind } from '@medkit/contract';
import { ExitCode } from '../command/exit-code.ts';
import { invocation } from '../command/invocation.ts';
import { findEntity } from '../remote/find-entity.ts';
import { type Remote, remoteCommand } from '../remote/remote-command.ts';
import { type Cell, table } from '../terminal/table.ts';
import { entityLines } from './entity-lines.ts';
import { onlineCell, onlineCount } from './online.ts';

interface Listing {
  readonly head: readonly string[];
  readonly rows: (client: Client, items: readonly Item[]) => Promise<readonly (readonly Cell[])[]>;
}

interface Item {
  readonly id: string;
  readonly name: string;
  readonly description?: string | null;
  readonly 'x-medkit'?: unknown;
}

const described = async (_client: Client, items: readonly Item[]) =>
  items.map(({ id, name, description }) => [id, name, description ?? '']);

const LISTINGS: Readonly<Record<EntityKind, Listing>> = {
  app: {
    head: ['ID', 'STATE', 'COMPONENT', 'NODE', 'NAME'],
    rows: async (_client, items) =>
      (items as readonly AppListItem[]).map(({ id, name, 'x-medkit': about }) => [
        id,
        onlineCell(about),
        about?.component_id ?? '',
        about?.ros2?.node ?? '',
        name,
      ]),
  },
  component: {
    head: ['ID', 'APPS ONLINE', 'NAME', 'DESCRIPTION'],
    async rows(client, items) {
      const { items: apps } = await client.call('listEntities', { kind: 'app' });
      const hosted = Map.groupBy(apps as readonly AppListItem[], (app) => app['x-medkit']?.component_id ?? '');
      return (items as readonly ComponentListItem[]).map(({ id, name, description }) => [
        id,
        onlineCount(hosted.get(id) ?? []),
        name,
        description ?? '',
      ]);
    },
  },
  area: { head: ['ID', 'NAME', 'DESCRIPTION'], rows: (client, items) => areaRows(client, items) },
  function: { head: ['ID', 'NAME', 'DESCRIPTION'], rows: described },
};

/** Maximum depth of areas, as protection against cycles. */
const MAX_DEPTH = 8;

/** Areas with their subareas, indented by depth. The list of areas contains only the top level. */
export async function areaRows(client: Client, items: readonly Item[], depth = 0): Promise<readonly string[][]> {
  const rows = await Promise.all(
    items.map(async ({ id, name, description }) => {
      const { items: inner } =
        depth < MAX_DEPTH ? await client.call('listSubareas', { entity: { kind: 'area', id } }) : { items: [] };
      return [[`${'  '.repeat(depth)}${id}`, name, description ?? ''], ...(await areaRows(client, inner, depth + 1))];
    }),
  );
  return rows.flat();
}

/** Ids in the demo. */
const EXAMPLES: Readonly<Record<EntityKind, string>> = {
  app: 'lidar_driver',
  component: 'navigation',
  area: 'sensors',
  function: 'perception',
};

/** `medkit apps`, `components`, `areas`, `functions`: lists entities of a kind, or shows one. */
function entitiesCommand(kind: EntityKind) {
  const plural = `${kind}s`;
  return remoteCommand({
    usage: `${plural} [id]`,
    about: [`Lists the ${plural} of the robot. With an id, shows the details, members and resources of one ${kind}.`],
    examples: [
      [plural, `list all ${plural}`],
      [`${plural} ${EXAMPLES[kind]}`, `show one ${kind}`],
    ],
    run: (remote) => (remote.args[0] === undefined ? list(kind, remote) : show(kind, remote, remote.args[0])),
  });
}

async function list(kind: EntityKind, { client, json }: Remote): Promise<number> {
  const { text, value } = await client.ask('listEntities', { kind });
  if (json) {
    console.log(text);
    return ExitCode.ok;
  }
  const { head, rows } = LISTINGS[kind];
  const hint = `: run \`${invocation(process.env)} doctor --url ${client.url}\` to find out why`;
  if (value.items.length === 0) console.log(`no ${kind}s${kind === 'app' ? hint : ''}`);
  else console.log(table(head, await rows(client, value.items)));
  return ExitCode.ok;
}

async function show(kind: EntityKind, { client, json }: Remote, id: string): Promise<number> {
  const entity: EntityRef = await findEntity(client, id, [kind]);
  const { text, value } = await client.ask('getEntity', { entity });
  if (json) console.log(text);
  else for (const line of await entityLines(client, value)) console.log(line);
  return ExitCode.ok;
}

export const apps = entitiesCommand('app');
export const components = entitiesCommand('component');
export const areas = entitiesCommand('area');
export const functions = entitiesCommand('function');
