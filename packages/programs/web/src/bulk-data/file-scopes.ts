import type { EntityRef } from '@medkit/client';
import type { TreeItem } from '@medkit/contract';

type Ref = Pick<TreeItem, 'type' | 'id'>;
const keyOf = ({ type, id }: Ref): string => `${type} ${id}`;

/** Returns the key of the parent of an entity; `undefined` for a root, and for functions. */
function parentKey({ type, id, parent, area, component }: TreeItem, known: ReadonlySet<string>): string | undefined {
  const candidates: readonly (readonly [TreeItem['type'], string | null | undefined])[] =
    type === 'area'
      ? [['area', parent]]
      : type === 'component'
        ? [
            ['component', parent],
            ['area', area],
          ]
        : [
            ['component', component],
            ['area', area],
          ];
  const self = keyOf({ type, id });
  return candidates
    .map(([above, name]) => (name ? keyOf({ type: above, id: name }) : undefined))
    .find((key) => key !== undefined && key !== self && known.has(key));
}

/**
 * Returns the entities whose lists of files have all files of the robot: the roots of the tree. A list has the files of
 * all members, so that one request for each root is enough.
 */
export function fileScopes(items: readonly TreeItem[]): readonly TreeItem[] {
  const known = new Set(items.map(keyOf));
  return items.filter((item) => item.type !== 'function' && parentKey(item, known) === undefined);
}

/** Returns the entities directly below an entity. */
export function childrenOf(items: readonly TreeItem[], { kind, id }: EntityRef): readonly EntityRef[] {
  const known = new Set(items.map(keyOf));
  const wanted = keyOf({ type: kind, id });
  return items
    .filter((item) => item.type !== 'function' && parentKey(item, known) === wanted)
    .map((item) => ({ kind: item.type, id: item.id }));
}

/** Maximum depth of a search; a manifest may contain cycles. */
const MAX_DEPTH = 12;

/**
 * Finds the entity that a file was uploaded to: only that entity can delete it, but the lists of its parents have it as
 * well. `has` returns whether the list of an entity has the file.
 */
export async function ownerOfFile(
  items: readonly TreeItem[],
  scope: EntityRef,
  has: (entity: EntityRef) => Promise<boolean>,
): Promise<EntityRef> {
  let owner = scope;
  for (let depth = 0; depth < MAX_DEPTH; depth += 1) {
    const next = await firstWith(childrenOf(items, owner), has);
    if (!next) return owner;
    owner = next;
  }
  return owner;
}

async function firstWith(
  entities: readonly EntityRef[],
  has: (entity: EntityRef) => Promise<boolean>,
): Promise<EntityRef | undefined> {
  for (const entity of entities) if (await has(entity)) return entity;
  return undefined;
}
