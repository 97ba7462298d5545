import type { App, Contribution, FunctionEntity } from '@medkit/core';
import { isSameList, type MappedRows, mapRows } from '@medkit/core/merge';
import type { VisibleNodes } from './visible-nodes.ts';

/** Replaces the app ids of nodes in a contribution by the ids under which they are shown. */
export function renamedApps(layer: Contribution, shown: VisibleNodes): Contribution {
  const idOf = visibleIds(shown);
  const { additions } = layer;
  return {
    ...layer,
    apps: shownApps(layer.apps, idOf),
    functions: shownFunctions(layer.functions, idOf),
    ...(additions && {
      additions: {
        ...additions,
        ...(additions.apps && { apps: shownApps(additions.apps, idOf) }),
        ...(additions.functions && { functions: shownFunctions(additions.functions, idOf) }),
      },
    }),
  };
}

/**
 * Replaces the graph's app ids in functions by the ids that are shown. Unchanged functions are the same objects as in
 * `before`.
 */
export function renamedFunctions(
  functions: readonly FunctionEntity[],
  shown: VisibleNodes,
  before: MappedRows<FunctionEntity, FunctionEntity> | undefined,
): MappedRows<FunctionEntity, FunctionEntity> {
  const idOf = visibleIds({ ids: new Map([...shown.ids, ...shown.longIds]) });
  return mapRows(
    functions,
    (entity, _at, old) => {
      const hosts = shownIds(entity.hosts, idOf);
      return old && isSameList(old.hosts, hosts) ? old : withHosts(entity, hosts);
    },
    before,
  );
}

type IdOf = (id: string) => string | undefined;

function visibleIds({ ids }: Pick<VisibleNodes, 'ids'>): IdOf {
  return (id) => (ids.has(id) ? ids.get(id) : id);
}

/** If an app is listed under both of its ids, the entry with the shown id is used. */
function shownApps(apps: readonly App[], idOf: IdOf): readonly App[] {
  const own = new Set(apps.map(({ id }) => id));
  return apps.flatMap((app): App[] => {
    const id = idOf(app.id);
    const isSaidTwice = id !== undefined && id !== app.id && own.has(id);
    if (id === undefined || isSaidTwice) return [];
    const dependsOn = app.dependsOn && shownIds(app.dependsOn, idOf);
    return [id === app.id && dependsOn === app.dependsOn ? app : { ...app, id, ...(dependsOn && { dependsOn }) }];
  });
}

function shownFunctions(functions: readonly FunctionEntity[], idOf: IdOf): readonly FunctionEntity[] {
  return functions.map((entity) => withHosts(entity, shownIds(entity.hosts, idOf)));
}

const withHosts = (entity: FunctionEntity, hosts: readonly string[]): FunctionEntity =>
  hosts === entity.hosts ? entity : { ...entity, hosts };

/** Returns the same list if no id changes, so that comparisons by reference still work. */
function shownIds(ids: readonly string[], idOf: IdOf): readonly string[] {
  return ids.every((id) => idOf(id) === id) ? ids : ids.flatMap((id) => idOf(id) ?? []);
}
