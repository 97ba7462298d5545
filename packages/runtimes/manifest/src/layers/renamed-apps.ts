import type { App, Contribution, FunctionEntity } from '@medkit/core';
import { isSameList, type MadeRows, makeRows } from '@medkit/core/merge';
import type { ShownNodes } from './shown-nodes.ts';

/** A contribution that speaks of nodes by the ids of their apps, with the ids under which those are shown. */
export function renamedApps(layer: Contribution, shown: ShownNodes): Contribution {
  const idOf = idsShown(shown);
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
 * Functions whose hosts have the ids that graphs give them, with those under which they are shown. The same objects again
 * where nothing changed since `before`.
 */
export function renamedFunctions(
  functions: readonly FunctionEntity[],
  shown: ShownNodes,
  before: MadeRows<FunctionEntity, FunctionEntity> | undefined,
): MadeRows<FunctionEntity, FunctionEntity> {
  const idOf = idsShown({ ids: new Map([...shown.ids, ...shown.longIds]) });
  return makeRows(
    functions,
    (entity, _at, old) => {
      const hosts = shownIds(entity.hosts, idOf);
      return old && isSameList(old.hosts, hosts) ? old : withHosts(entity, hosts);
    },
    before,
  );
}

type IdOf = (id: string) => string | undefined;

function idsShown({ ids }: Pick<ShownNodes, 'ids'>): IdOf {
  return (id) => (ids.has(id) ? ids.get(id) : id);
}

/** What is said of an app under both of its ids counts as it is said under the one that is shown. */
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

/** The very list where nothing in it has another id: who compares by object sees that nothing changed. */
function shownIds(ids: readonly string[], idOf: IdOf): readonly string[] {
  return ids.every((id) => idOf(id) === id) ? ids : ids.flatMap((id) => idOf(id) ?? []);
}
