import { type FunctionEntity, toEntityId } from '@medkit/core';
import { isSameList } from '@medkit/core/merge';

/** Function for everything in the root namespace. */
const ROOT_FUNCTION = 'root';

/** The functions that namespaces make, and what each is made of. */
export interface NamespaceFunctions {
  /** In the order of their ids. */
  readonly functions: readonly FunctionEntity[];
  /** Ids of the apps in each, in their order, by the id of the function. */
  readonly hosting: ReadonlyMap<string, readonly string[]>;
}

/**
 * One function per first segment of a namespace, `root` for the root namespace, hosted by the apps in it. Only what is
 * given here is named: leave out the apps that are hidden. `ids` are those of the apps. A function that has the apps that it
 * had `before` is the same object again.
 */
export function namespaceFunctions(
  apps: readonly { readonly namespace: string }[],
  ids: readonly string[],
  before?: NamespaceFunctions,
): NamespaceFunctions {
  const hosting = new Map<string, string[]>();
  // Many apps share few namespaces.
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
