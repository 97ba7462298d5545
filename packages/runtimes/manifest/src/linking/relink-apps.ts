import { changedRows } from '@medkit/core/merge';
import { type BoundNodes, type LinkableApp, type Linking, linkApps } from './link-apps.ts';
import { type LinkableNode, nodeIndex } from './node-index.ts';

/** Which app is which node, and what that is made of: the same parts the next time where nothing changed. */
export interface LinkedApps {
  readonly apps: readonly LinkableApp[];
  readonly nodes: readonly LinkableNode[];
  readonly linking: Linking;
  /** Ids of apps by the FQN of the node that they are, by the runtime that has it. */
  readonly appOfNode: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly wanted: WantedNodes;
  /** Whether nodes of before the restart were waited for: an app without its node may become another one later. */
  readonly isWaiting: boolean;
}

/** By what apps know their nodes. */
interface WantedNodes {
  readonly names: ReadonlySet<string>;
  /** Some know theirs by other things than its name: any node may be one of them. */
  readonly byMore: boolean;
}

/**
 * Links as `linkApps` does; apps of the same manifest keep their nodes. Where since `before` only such nodes came or went as no app can be, which is what most nodes are
 * that start on a robot with a manifest, nobody is linked anew.
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

/** The nodes that no app is, where apps are the nodes that they were `before`; `undefined` where they may be others. */
function orphansOf(
  { nodes: old, linking, wanted }: LinkedApps,
  nodes: readonly LinkableNode[],
): readonly LinkableNode[] | undefined {
  const { from, endBefore, end } = changedRows(old, nodes);
  const gone = new Set(old.slice(from, endBefore));
  const come = nodes.slice(from, end);
  const mayBeMeant = ({ name: fqn }: LinkableNode) =>
    wanted.byMore || wanted.names.has(fqn.slice(fqn.lastIndexOf('/') + 1));
  if ([...gone, ...come].some(mayBeMeant)) return undefined;
  const orphans = [...linking.orphans.filter((node) => !gone.has(node)), ...come.filter(({ internal }) => !internal)];
  orphans.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  // Which of two graphs comes first is for those who link to say.
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
