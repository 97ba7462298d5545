import { type FunctionEntity, toEntityId } from '@medkit/core';
import { isSameList } from '@medkit/core/merge';

/** Function for the root namespace. */
const ROOT_FUNCTION = 'root';

/** Functions derived from namespaces, with their apps. */
export interface NamespaceFunctions {
  /** Ordered by id. */
  readonly functions: readonly FunctionEntity[];
  /** Ordered ids of the apps of each function, by function id. */
  readonly hosting: ReadonlyMap<string, readonly string[]>;
}

/**
 * Returns one function per first segment of a namespace, `root` for the root namespace, hosted by the apps in it. Pass
 * only visible apps. `ids` are the ids of the apps. A function whose apps are the same as in `before` is the same
 * object.
 */
export function namespaceFunctions(
  apps: readonly { readonly namespace: string }[],
  ids: readonly string[],
  before?: NamespaceFunctions,
): NamespaceFunctions {
  const hosting = new Map<string, string[]>();
  // Computed once per namespace, because many apps share few namespaces.
  const byNamespace = new Map<string, string[]>();
  apps.forEach(({ namespace }, at) => {
    let hosts = byNamespace.get(namespace);
    if (!hosts) {
      const id = toEntityId(namespace.split('/')[1] ?? '') || ROOT_FUNCTION;
      hosts = hosting.get(id) ?? [];
      hosting.set(id, hosts);
      byNamespace.set(namespace, hosts);
    }
    hosts.push(ids[at]);
  });
  const old = new Map(before?.functions.map((made) => [made.id, made]));
  const functions = [...hosting]
    .map(([id, hosts]): FunctionEntity => {
      const known = old.get(id);
      if (known && isSameList(hosts, before?.hosting.get(id) ?? [])) return known;
      return { kind: 'function', id, name: id, source: 'runtime', hosts: hosts.toSorted() };
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  return { functions, hosting };
}
