import { MAX_ENTITY_ID_LENGTH, toEntityId } from '@medkit/core';
import { changedRows } from '@medkit/core/merge';

/** So many names are looked for one by one among all; of more a set is made. */
const FEW = 8;

/** A node as far as its name goes. */
export interface NamedNode {
  /** Unique: namespace and name. */
  readonly fqn: string;
  readonly name: string;
  /** `/` for the root namespace. */
  readonly namespace: string;
}

/**
 * The app id of every node, in their order: the bare name where it occurs in one namespace only, `<namespace>_<name>` with
 * `_` for `/` where it occurs in several, except in the root namespace. Two ids that come out alike all the same get a number.
 *
 * `bare` is `bareAppId` of each of them, where it is known already; `before` are those of the nodes that there were, where no
 * two of them were alike.
 */
export function appIds(
  nodes: readonly NamedNode[],
  bare: readonly string[] = nodes.map(({ name }) => bareAppId(name)),
  before?: readonly string[],
): readonly string[] {
  // In most graphs nobody has the name of another.
  if (before ? areDistinctSince(before, bare) : areDistinct(bare)) return bare;
  const ids = contestedIds(nodes);
  return nodes.map(({ fqn }, at) => ids.get(fqn) ?? bare[at]);
}

/** The id of the app of a node whose name nobody else has. */
export function bareAppId(name: string): string {
  return toEntityId(name) || 'node';
}

const areDistinct = (names: readonly string[]): boolean => new Set(names).size === names.length;

/** The same where all were `before`: only what is new can be what another is. */
function areDistinctSince(before: readonly string[], names: readonly string[]): boolean {
  const { from, end } = changedRows(before, names);
  if (end - from > FEW) return areDistinct(names);
  return names.slice(from, end).every((name) => names.indexOf(name) === names.lastIndexOf(name));
}

/** By FQN. */
function contestedIds(nodes: readonly NamedNode[]): ReadonlyMap<string, string> {
  const firstNamespaces = new Map<string, string>();
  /** Names that occur in several namespaces. */
  const shared = new Set<string>();
  for (const { name, namespace } of nodes) {
    const first = firstNamespaces.get(name);
    if (first === undefined) firstNamespaces.set(name, namespace);
    else if (first !== namespace) shared.add(name);
  }
  const ids = new Map<string, string>();
  const taken = new Set<string>();
  const inOrder = [...nodes].sort((a, b) => (a.fqn < b.fqn ? -1 : a.fqn > b.fqn ? 1 : 0));
  // Bare names first: a node that has its name to itself must not lose it to another's prefixed one.
  const collides = (node: NamedNode) => shared.has(node.name) && node.namespace !== '/';
  for (const node of [...inOrder.filter((node) => !collides(node)), ...inOrder.filter(collides)]) {
    if (ids.has(node.fqn)) continue;
    const prefix = collides(node) ? `${node.namespace.replace(/^\//, '').replaceAll('/', '_')}_` : '';
    const id = free(bareAppId(prefix + node.name), taken);
    taken.add(id);
    ids.set(node.fqn, id);
  }
  return ids;
}

function free(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  for (let number = 2; ; number++) {
    const suffix = `_${number}`;
    const candidate = wanted.slice(0, MAX_ENTITY_ID_LENGTH - suffix.length) + suffix;
    if (!taken.has(candidate)) return candidate;
  }
}
