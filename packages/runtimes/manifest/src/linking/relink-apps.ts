import { changedRows } from '@medkit/core/merge';
import { type BoundNodes, type LinkableApp, type Linking, linkApps } from './link-apps.ts';
import { type LinkableNode, nodeIndex } from './node-index.ts';

/** Links between apps and nodes, with their inputs. Unchanged parts are the same objects next time. */
export interface LinkedApps {
  readonly apps: readonly LinkableApp[];
  readonly nodes: readonly LinkableNode[];
  readonly linking: Linking;
  /** App ids by FQN of the linked node, by runtime. */
  readonly appOfNode: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly wanted: WantedNodes;
  /**
   * Whether the linking waited for nodes from before the restart: an app without a node may get a different one later.
   */
  readonly isWaiting: boolean;
}

/** What apps are bound to. */
interface WantedNodes {
  readonly names: ReadonlySet<string>;
  /** Some apps are bound by more than a name: any node may match them. */
  readonly byMore: boolean;
}

/**
 * Links like `linkApps`; apps of the same manifest keep their nodes. If only nodes that cannot match an app have
 * changed since `before`, the links are reused: on a robot with a manifest, this holds for most nodes that start.
 */
export function relinkApps(
  apps: readonly LinkableApp[],
  nodes: readonly LinkableNode[],
  nodeOfId: (id: string) => LinkableNode | undefined,
  before: LinkedApps | undefined,
  waitedFor?: BoundNodes['waitedFor'],
): LinkedApps {
  const same = before?.apps === apps ? before : undefined;
  const orphans = same && !same.isWaiting ? orphansOf(same, nodes) : undefined;
  if (same && orphans) return { ...same, nodes, linking: { ...same.linking, orphans } };
  const linking = linkApps(apps, nodeIndex(nodes), nodeOfId, same?.linking.nodes, waitedFor);
  const wanted = same?.wanted ?? wantedNodes(apps);
  return { apps, nodes, linking, appOfNode: appsByNode(linking), wanted, isWaiting: waitedFor !== undefined };
}

/** Returns the nodes without an app if the links of `before` still hold; `undefined` if they may not. */
function orphansOf(
  { nodes: old, linking, wanted }: LinkedApps,
  nodes: readonly LinkableNode[],
): readonly LinkableNode[] | undefined {
  const { from, endBefore, end } = changedRows(old, nodes);
  const gone = new Set(old.slice(from, endBefore));
  const come = nodes.slice(from, end);
  const mayMatch = ({ name: fqn }: LinkableNode) =>
    wanted.byMore || wanted.names.has(fqn.slice(fqn.lastIndexOf('/') + 1));
  if ([...gone, ...come].some(mayMatch)) return undefined;
  const orphans = [...linking.orphans.filter((node) => !gone.has(node)), ...come.filter(({ internal }) => !internal)];
  orphans.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  // With equal names in two graphs, the order must be determined by a new linking.
  return orphans.some(({ name: fqn }, at) => fqn === orphans[at + 1]?.name) ? undefined : orphans;
}

function wantedNodes(apps: readonly LinkableApp[]): WantedNodes {
  const names = new Set<string>();
  let byMore = false;
  for (const { binding, external, mayBeNodeOfItsId } of apps) {
    if (external) continue;
    if (binding?.nodeName !== undefined) names.add(binding.nodeName);
    byMore ||= binding ? binding.channelNamespace !== undefined : mayBeNodeOfItsId === true;
  }
  return { names, byMore };
}

function appsByNode({ nodes }: Linking): LinkedApps['appOfNode'] {
  const byRuntime = new Map<string, Map<string, string>>();
  for (const [id, { runtime, name: fqn }] of nodes) {
    const ids = byRuntime.get(runtime);
    if (ids) ids.set(fqn, id);
    else byRuntime.set(runtime, new Map([[fqn, id]]));
  }
  return byRuntime;
}
