import type {
  AppList,
  AppListItem,
  AreaList,
  AreaListItem,
  ComponentList,
  ComponentListItem,
  FunctionDetail,
  FunctionList,
} from '@medkit/contract';
import type { DraftSource } from '@medkit/manifest';
import type { ReadResource } from '../gateway/graph-summary.ts';

/** Levels of areas and components that are followed: a circle of parents must not be followed for ever. */
const MAX_LEVELS = 16;

/** An item, and the item it is within. */
interface Placed<Item> {
  readonly item: Item;
  readonly parent?: string;
}

/** What a gateway shows of its robot. */
export async function draftSource(read: ReadResource): Promise<DraftSource> {
  const [areas, components, apps, functions] = await Promise.all([
    within<AreaListItem>((parent) => listOf<AreaList>(read, parent ? `/areas/${parent}/subareas` : '/areas')),
    within<ComponentListItem>((parent) =>
      listOf<ComponentList>(read, parent ? `/components/${parent}/subcomponents` : '/components'),
    ),
    listOf<AppList>(read, '/apps'),
    listOf<FunctionList>(read, '/functions'),
  ]);
  const areaOf = new Map<string, string>();
  for (const { item } of areas) {
    for (const { id } of await listOf<ComponentList>(read, `/areas/${item.id}/components`)) areaOf.set(id, item.id);
  }
  const details: FunctionDetail[] = [];
  for (const { id } of functions) details.push((await read(`/functions/${id}`)) as FunctionDetail);
  return {
    areas: areas.map(described),
    components: components.map((placed) => ({ ...described(placed), area: areaOf.get(placed.item.id) })),
    apps: apps.map(appOf),
    functions: details.map((item) => ({ ...described({ item }), hosts: item['x-medkit']?.hosts ?? [] })),
  };
}

async function listOf<List extends { readonly items: readonly unknown[] }>(
  read: ReadResource,
  path: string,
): Promise<List['items']> {
  return ((await read(path)) as List).items;
}

/** All items, those within others behind them. */
async function within<Item extends { readonly id: string }>(
  childrenOf: (parent: string | undefined) => Promise<readonly Item[]>,
  parent?: string,
  level = 0,
): Promise<readonly Placed<Item>[]> {
  if (level >= MAX_LEVELS) return [];
  const found: Placed<Item>[] = [];
  for (const item of await childrenOf(parent)) {
    found.push({ item, ...(parent !== undefined && { parent }) }, ...(await within(childrenOf, item.id, level + 1)));
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
  const { component_id, ros2 } = item['x-medkit'] ?? {};
  return {
    ...described({ item }),
    ...(component_id && { component: component_id }),
    ...(ros2?.node && { node: ros2.node }),
  };
}
