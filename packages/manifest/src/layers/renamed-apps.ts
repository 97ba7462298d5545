import type { App, Contribution, FunctionEntity } from '@medkit/core';
import type { ShownNodes } from './shown-nodes.ts';

/** A contribution that speaks of nodes by the ids of their apps, with the ids under which those are shown. */
export function renamedApps(layer: Contribution, { ids, all }: ShownNodes): Contribution {
  const idOf = (id: string): string | undefined => (all.has(id) ? ids.get(id) : id);
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

type IdOf = (id: string) => string | undefined;

/** What is said of an app under both of its ids counts as it is said under the one that is shown. */
function shownApps(apps: readonly App[], idOf: IdOf): readonly App[] {
  const own = new Set(apps.map(({ id }) => id));
  return apps.flatMap((app): App[] => {
    const id = idOf(app.id);
    const isSaidTwice = id !== undefined && id !== app.id && own.has(id);
    if (id === undefined || isSaidTwice) return [];
    return [{ ...app, id, ...(app.dependsOn && { dependsOn: shownIds(app.dependsOn, idOf) }) }];
  });
}

function shownFunctions(functions: readonly FunctionEntity[], idOf: IdOf): readonly FunctionEntity[] {
  return functions.map((entity) => ({ ...entity, hosts: shownIds(entity.hosts, idOf) }));
}

function shownIds(ids: readonly string[], idOf: IdOf): readonly string[] {
  return ids.flatMap((id) => idOf(id) ?? []);
}
