import type { LocatedEntry, LocatedMap } from './located.ts';

/** What a ROS parameter file says to one node. */
export interface NodeParameters {
  /** As it addresses the node, from the root: `/diagnostics/ros2_medkit_gateway`, `/**`, `/robot1/*`. */
  readonly node: string;
  readonly at: string;
  readonly parameters: LocatedMap;
}

export interface ParameterFile {
  /** In the order of the file. */
  readonly nodes: readonly NodeParameters[];
  /** What stands in the file besides: the sections that are said to no node. */
  readonly rest: readonly LocatedEntry[];
  /** Places of parameters that are no section. */
  readonly malformed: readonly { readonly node: string; readonly at: string }[];
}

/** What stands above the parameters of a node. */
const BLOCK = 'ros__parameters';

/**
 * Takes a ROS parameter file apart: parameters stand below `ros__parameters` of their node, and nodes below their
 * namespaces, each level one segment of the name or several (`/robot1/arm`), with `*` for one and `**` for any.
 */
export function nodeParameters(root: LocatedMap): ParameterFile {
  const nodes: NodeParameters[] = [];
  const malformed: { node: string; at: string }[] = [];
  /** The entries of a section that are said to no node. */
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

/** Whether an address means a node of one of these names: by its last segment, which may stand for any. */
export function isAddressed(node: string, names: readonly string[]): boolean {
  const last = node.slice(node.lastIndexOf('/') + 1);
  return isWildcard(node) || names.includes(last);
}

/** Whether an address may mean any node. */
export function isWildcard(node: string): boolean {
  return /\/\*{1,2}$/.test(node);
}

function holdsBlock({ entries }: LocatedMap): boolean {
  return entries.some(({ name, value }) => name === BLOCK || (value.kind === 'map' && holdsBlock(value)));
}
