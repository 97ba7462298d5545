import type { Client } from '@medkit/client';
import type { AppListItem, AreaListItem, ComponentListItem, EntityKind, FunctionDetail } from '@medkit/contract';
import type { DraftSource } from '@medkit/manifest';

/** Maximum depth of areas and components, as protection against cycles. */
const MAX_LEVELS = 16;

/** An item with its parent. */
interface Placed<Item> {
  readonly item: Item;
  readonly parent?: string;
}

/** Reads the entities of a gateway. */
export async function draftSource(client: Client): Promise<DraftSource> {
  const all = async (kind: EntityKind) => (await client.call('listEntities', { kind })).items;
  const subareas = async (id: string) => (await client.call('listSubareas', { entity: { kind: 'area', id } })).items;
  const subcomponents = async (id: string) =>
    (await client.call('listSubcomponents', { entity: { kind: 'component', id } })).items;
  const [areas, components, apps, functions] = await Promise.all([
    all('area').then((items) => within(items as readonly AreaListItem[], subareas)),
    all('component').then((items) => within(items as readonly ComponentListItem[], subcomponents)),
    all('app') as Promise<readonly AppListItem[]>,
    all('function'),
  ]);
  const areaOf = new Map<string, string>();
  for (const { item } of areas) {
    const { items } = await client.call('listAreaComponents', { entity: { kind: 'area', id: item.id } });
    for (const { id } of items) areaOf.set(id, item.id);
  }
  const details: FunctionDetail[] = [];
  for (const { id } of functions) {
    details.push((await client.call('getEntity', { entity: { kind: 'function', id } })) as FunctionDetail);
  }
  return {
    areas: areas.map(described),
    components: components.map((placed) => ({
      ...described(placed),
      area: areaOf.get(placed.item.id),
      ...(placed.item['x-medkit']?.external && { external: true }),
    })),
    apps: apps.map(appOf),
    functions: details.map((item) => ({ ...described({ item }), hosts: item['x-medkit']?.hosts ?? [] })),
  };
}

/** Returns all items; children follow their parent. */
async function within<Item extends { readonly id: string }>(
  items: readonly Item[],
  childrenOf: (parent: string) => Promise<readonly Item[]>,
  parent?: string,
  level = 1,
): Promise<readonly Placed<Item>[]> {
  const found: Placed<Item>[] = [];
  for (const item of items) {
    found.push({ item, ...(parent !== undefined && { parent }) });
    if (level >= MAX_LEVELS) continue;
    found.push(...(await within(await childrenOf(item.id), childrenOf, item.id, level + 1)));
  }
  return found;
}

function described({
  item: { id, name, description },
  parent,
}: Placed<{ readonly id: string; readonly name: string; readonly description?: string | null }>) {
  return { id, name, ...(description && { description }), ...(parent !== undefined && { parent }) };
}

function appOf(item: AppListItem): DraftSource['apps'][number] {
  const { component_id, external, ros2 } = item['x-medkit'] ?? {};
  return {
    ...described({ item }),
    ...(component_id && { component: component_id }),
    ...(external && { external }),
    ...(ros2?.node && { node: ros2.node }),
  };
}
