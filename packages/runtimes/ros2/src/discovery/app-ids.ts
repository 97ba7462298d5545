import { MAX_ENTITY_ID_LENGTH, type NodeIds, toEntityId } from '@medkit/core';

/** Stands for the root namespace in the longer id of a node: `root_cam`. */
const ROOT_PREFIX = 'root';

/** The name of a node. */
export interface NamedNode {
  /** Unique: namespace and name. */
  readonly fqn: string;
  readonly name: string;
  /** `/` for the root namespace. */
  readonly namespace: string;
}

/**
 * Returns the app id of each node, in the order of `nodes`. A node keeps its assigned id, even if it leaves and
 * returns. A new node gets its bare name. If the name occurs in several namespaces or belongs to another node, it gets
 * `<namespace>_<name>` with `_` for `/`. A node of the root namespace gets the bare name unless it belongs to another
 * node. An id that is still taken gets a number.
 */
export function appIds(nodes: readonly NamedNode[], assigned: NodeIds): readonly string[] {
  const ids = new Map<string, string>();
  const taken = new Set<string>();
  const unnamed: NamedNode[] = [];
  for (const node of nodes) {
    const id = assigned.idOf(node.fqn);
    if (id === undefined) {
      unnamed.push(node);
      continue;
    }
    ids.set(node.fqn, id);
    taken.add(id);
  }
  if (unnamed.length > 0) {
    const shared = sharedNames(nodes);
    const isFree = (id: string, fqn: string) => !taken.has(id) && assigned.isFree(id, fqn);
    const isContested = ({ fqn, name, namespace }: NamedNode) =>
      (shared.has(name) && namespace !== '/') || !isFree(shortAppId(name), fqn);
    const inOrder = unnamed.sort((a, b) => (a.fqn < b.fqn ? -1 : a.fqn > b.fqn ? 1 : 0));
    const give = (node: NamedNode, id: string): void => {
      taken.add(id);
      ids.set(node.fqn, id);
      assigned.give(node.fqn, id);
    };
    // Bare names first: a node with a unique name must not lose it to another node's longer id.
    const contested = inOrder.filter((node) => {
      if (ids.has(node.fqn)) return false;
      if (isContested(node)) return true;
      give(node, shortAppId(node.name));
      return false;
    });
    for (const node of contested) {
      if (ids.has(node.fqn)) continue;
      give(
        node,
        firstFree(longAppId(node), (id) => isFree(id, node.fqn)),
      );
    }
  }
  return nodes.map(({ fqn }) => ids.get(fqn) ?? '');
}

/** Returns the app id of a node whose name is unique. */
function shortAppId(name: string): string {
  return toEntityId(name) || 'node';
}

/** Returns the app id of a node whose name another node has as well. */
function longAppId({ name, namespace }: Pick<NamedNode, 'name' | 'namespace'>): string {
  const prefix = namespace.replace(/^\//, '').replaceAll('/', '_') || ROOT_PREFIX;
  return shortAppId(`${prefix}_${name}`);
}

/** Returns the names that occur in several namespaces. */
function sharedNames(nodes: readonly NamedNode[]): ReadonlySet<string> {
  const namespaces = new Map<string, string>();
  const shared = new Set<string>();
  for (const { name, namespace } of nodes) {
    const first = namespaces.get(name);
    if (first === undefined) namespaces.set(name, namespace);
    else if (first !== namespace) shared.add(name);
  }
  return shared;
}

function firstFree(wanted: string, isFree: (id: string) => boolean): string {
  if (isFree(wanted)) return wanted;
  for (let number = 2; ; number++) {
    const suffix = `_${number}`;
    const candidate = wanted.slice(0, MAX_ENTITY_ID_LENGTH - suffix.length) + suffix;
    if (isFree(candidate)) return candidate;
  }
}
