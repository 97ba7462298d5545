import type { Client, EntityRef } from '@medkit/client';
import type { DataItem, EntityKind } from '@medkit/contract';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';

/** A data item with its entity. */
export interface FoundData {
  readonly entity: EntityRef<'app' | 'component'>;
  readonly id: string;
}

/** Maximum number of parallel requests. */
const AT_ONCE = 8;

/**
 * Finds an entity with a topic: preferably a component that publishes it, then an app. Throws `CommandFailed` with the nearest topic
 * if no entity has it.
 */
export async function findTopic(client: Client, topic: string): Promise<FoundData> {
  const seen = new Set<string>();
  for (const kind of ['component', 'app'] as const) {
    const listening: FoundData[] = [];
    for await (const { entity, items } of dataOf(client, kind)) {
      for (const item of items) seen.add(item.id);
      // Data items of other runtimes have no leading slash.
      const item = items.find(({ id }) => id === topic || `/${id}` === topic);
      if (item === undefined) continue;
      const found = { entity: ownerOf(entity, item), id: item.id };
      if (item['x-medkit']?.ros2?.direction !== 'subscribe') return found;
      listening.push(found);
    }
    if (listening[0]) return listening[0];
  }
  const { nearestName } = await import('@medkit/documents/nearest');
  const nearest = nearestName(topic, seen);
  throw new CommandFailed(
    `no entity has a topic ${topic}${nearest === undefined ? '' : `. Did you mean ${nearest}?`}`,
    ExitCode.notFound,
  );
}

async function* dataOf(client: Client, kind: 'component' | 'app') {
  const { items } = await client.call('listEntities', { kind: kind satisfies EntityKind });
  for (let at = 0; at < items.length; at += AT_ONCE) {
    const entities = items.slice(at, at + AT_ONCE).map(({ id }) => ({ kind, id }));
    yield* await Promise.all(
      entities.map(async (entity) => ({ entity, items: (await client.call('listData', { entity })).items })),
    );
  }
}

/** Returns the app behind the data of a component, or the component if several apps share it. */
function ownerOf(entity: FoundData['entity'], { 'x-medkit': about }: DataItem): FoundData['entity'] {
  const members = about?.member_ids ?? [];
  return members.length === 1 ? { kind: 'app', id: members[0] } : entity;
}
