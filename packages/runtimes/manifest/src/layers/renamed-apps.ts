import type { App, Contribution, FunctionEntity } from '@medkit/core';
import { isSameList, type MappedRows, mapRows } from '@medkit/core/merge';
import type { VisibleNodes } from './visible-nodes.ts';

/** Replaces the app ids of nodes in a contribution by the ids under which they are shown. */
export function renamedApps(layer: Contribution, visible: VisibleNodes): Contribution {
  const idOf = visibleIds(visible);
  const { additions } = layer;
  return {
    ...layer,
    apps: renameApps(layer.apps, idOf),
    functions: renameFunctions(layer.functions, idOf),
    ...(additions && {
      additions: {
        ...additions,
        ...(additions.apps && { apps: renameApps(additions.apps, idOf) }),
        ...(additions.functions && { functions: renameFunctions(additions.functions, idOf) }),
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
  visible: VisibleNodes,
  before: MappedRows<FunctionEntity, FunctionEntity> | undefined,
): MappedRows<FunctionEntity, FunctionEntity> {
  const idOf = visibleIds({ ids: new Map([...visible.ids, ...visible.longIds]) });
  return mapRows(
    functions,
    (entity, _at, old) => {
      const hosts = renameIds(entity.hosts, idOf);
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
function renameApps(apps: readonly App[], idOf: IdOf): readonly App[] {
  const ids = new Set(apps.map(({ id }) => id));
  return apps.flatMap((app): App[] => {
    const id = idOf(app.id);
    const isSaidTwice = id !== undefined && id !== app.id && ids.has(id);
    if (id === undefined || isSaidTwice) return [];
    const dependsOn = app.dependsOn && renameIds(app.dependsOn, idOf);
    return [id === app.id && dependsOn === app.dependsOn ? app : { ...app, id, ...(dependsOn && { dependsOn }) }];
  });
}

function renameFunctions(functions: readonly FunctionEntity[], idOf: IdOf): readonly FunctionEntity[] {
  return functions.map((entity) => withHosts(entity, renameIds(entity.hosts, idOf)));
}

const withHosts = (entity: FunctionEntity, hosts: readonly string[]): FunctionEntity =>
  hosts === entity.hosts ? entity : { ...entity, hosts };

/** Returns the same list if no id changes, so that comparisons by reference still work. */
function renameIds(ids: readonly string[], idOf: IdOf): readonly string[] {
  return ids.every((id) => idOf(id) === id) ? ids : ids.flatMap((id) => idOf(id) ?? []);
}
