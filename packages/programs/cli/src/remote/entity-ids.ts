import type { Client, EntityRef } from '@medkit/client';
import type { AppListItem } from '@medkit/contract';

/** Returns the ids of an entity and of its apps and components. */
export async function entityIds(client: Client, { kind, id }: EntityRef): Promise<ReadonlySet<string>> {
  if (kind === 'app') return new Set([id]);
  if (kind === 'function') {
    return new Set(idsOf((await client.call('listFunctionHosts', { entity: { kind, id } })).items));
  }
  const components =
    kind === 'component' ? [id] : idsOf((await client.call('listAreaContains', { entity: { kind, id } })).items);
  const apps = await Promise.all(
    components.map((component) => client.call('listComponentHosts', { entity: { kind: 'component', id: component } })),
  );
  return new Set([...components, ...apps.flatMap(({ items }) => idsOf(items))]);
}

function idsOf(items: readonly Pick<AppListItem, 'id'>[]): readonly string[] {
  return items.map((item) => item.id);
}
