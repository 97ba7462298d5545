import type { LocatedEntry, LocatedMap } from './located.ts';

/** The parameters that a ROS parameter file sets for one node. */
export interface NodeParameters {
  /** The node name as the file writes it, from the root: `/diagnostics/ros2_medkit_gateway`, `/**`, `/robot1/*`. */
  readonly node: string;
  readonly at: string;
  readonly parameters: LocatedMap;
}

export interface ParameterFile {
  /** In file order. */
  readonly nodes: readonly NodeParameters[];
  /** The other sections of the file, which belong to no node. */
  readonly rest: readonly LocatedEntry[];
  /** Positions of `ros__parameters` entries that are not a section. */
  readonly malformed: readonly { readonly node: string; readonly at: string }[];
}

/** The key above the parameters of a node. */
const BLOCK = 'ros__parameters';

/**
 * Splits a ROS parameter file by node. Parameters are below `ros__parameters` of their node, and nodes below their
 * namespaces. Each level is one or more segments of the name (`/robot1/arm`); `*` stands for one segment and `**` for
 * any number.
 */
export function nodeParameters(root: LocatedMap): ParameterFile {
  const nodes: NodeParameters[] = [];
  const malformed: { node: string; at: string }[] = [];
  /** Returns the entries of a section that belong to no node. */
  const left = ({ entries }: LocatedMap, path: string, nodeAt: string): readonly LocatedEntry[] =>
    entries.flatMap((entry): readonly LocatedEntry[] => {
      const { name, at, value } = entry;
      if (name === BLOCK && path !== '') {
        if (value.kind === 'map') nodes.push({ node: path, at: nodeAt, parameters: value });
        else malformed.push({ node: path, at: nodeAt });
        return [];
      }
      if (value.kind !== 'map' || !holdsBlock(value)) return [entry];
      const rest = left(value, `${path}/${name.replace(/^\/+|\/+$/g, '')}`, at);
      return rest.length === 0 ? [] : [{ name, at, value: { ...value, entries: rest } }];
    });
  return { rest: left(root, '', root.at), nodes, malformed };
}

/**
 * Returns whether an address refers to a node with one of these names. Compares the last segment, which may be a
 * wildcard.
 */
export function isAddressed(node: string, names: readonly string[]): boolean {
  const last = node.slice(node.lastIndexOf('/') + 1);
  return isWildcard(node) || names.includes(last);
}

/** Returns whether an address may refer to any node. */
export function isWildcard(node: string): boolean {
  return /\/\*{1,2}$/.test(node);
}

function holdsBlock({ entries }: LocatedMap): boolean {
  return entries.some(({ name, value }) => name === BLOCK || (value.kind === 'map' && holdsBlock(value)));
}
