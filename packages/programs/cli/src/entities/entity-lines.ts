import type { Client, ValueOf } from '@medkit/client';
import type { AppListItem } from '@medkit/contract';
import { colorize } from '../terminal/colorize.ts';
import { displayWidth, plainLine } from '../terminal/display-width.ts';
import { table } from '../terminal/table.ts';
import { onlineCell } from './online.ts';

type EntityDetail = ValueOf<'getEntity'>;

/** An entity as text: details, resources, and the apps that it hosts. */
export async function entityLines(client: Client, detail: EntityDetail): Promise<readonly string[]> {
  const about = (detail['x-medkit'] ?? {}) as Readonly<Record<string, unknown>>;
  const facts: readonly (readonly [string, unknown])[] = [
    ['name', detail.name],
    ['description', detail.description],
    ['tags', detail.tags?.join(', ')],
    ['node', (about.ros2 as { readonly node?: string } | undefined)?.node],
    ['component', about.component_id],
    ['area', about.area],
    ['parent', about.parentComponentId ?? about.parent_area_id],
    ['source', about.source],
    ['offers', detail.capabilities?.map(({ name }) => name).join(', ')],
  ];
  const known = facts.filter(([, value]) => typeof value === 'string' && value !== '');
  const width = Math.max(...known.map(([name]) => displayWidth(name))) + 3;
  const state = detail.type === 'app' ? `   ${cellText(onlineCell(about))}` : '';
  const apps = await appsOf(client, detail);
  return [
    `${colorize(plainLine(detail.id), 'bold')}   ${detail.type}${state}`,
    ...known.map(([name, value]) => `  ${colorize(name.padEnd(width), 'dim')}${plainLine(String(value))}`),
    ...(apps.length > 0 ? ['', table(['APP', 'STATE', 'NODE', 'NAME'], apps.map(appRow))] : []),
  ];
}

function cellText(cell: ReturnType<typeof onlineCell>): string {
  return typeof cell === 'string' ? cell : colorize(cell.text, cell.colour);
}

function appRow({ id, name, 'x-medkit': about }: AppListItem) {
  return [id, onlineCell(about), about?.ros2?.node ?? '', name];
}

/** The apps that a component or function hosts. */
async function appsOf(client: Client, { type, id }: EntityDetail): Promise<readonly AppListItem[]> {
  if (type === 'component') {
    return (await client.call('listComponentHosts', { entity: { kind: 'component', id } })).items;
  }
  if (type === 'function') return (await client.call('listFunctionHosts', { entity: { kind: 'function', id } })).items;
  return [];
}
