import type { FunctionEntity } from '../entity/entity.ts';
import { toEntityId } from '../entity/entity-id.ts';

/** Function for everything in the root namespace. */
const ROOT_FUNCTION = 'root';

/**
 * One function per first segment of a namespace, `root` for the root namespace, hosted by the apps in it. Only what is
 * given here is named: leave out the apps that are hidden.
 */
export function namespaceFunctions(
  apps: readonly { readonly id: string; readonly namespace: string }[],
): readonly FunctionEntity[] {
  // Many apps share few namespaces.
  const namespaces = [...Map.groupBy(apps, ({ namespace }) => namespace)];
  const groups = Map.groupBy(namespaces, ([namespace]) => toEntityId(namespace.split('/')[1] ?? '') || ROOT_FUNCTION);
  return [...groups]
    .map(([id, hosting]): FunctionEntity => {
      const hosts = hosting.flatMap(([, own]) => own.map((app) => app.id)).sort();
      return { kind: 'function', id, name: id, source: 'runtime', hosts };
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}
