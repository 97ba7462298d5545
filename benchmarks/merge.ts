import type { Contribution, EntityLists } from '@medkit/core';
import { type MergeResult, mergeContributions } from '@medkit/core/merge';
import {
  type Arranged,
  arrangeHybrid,
  type HybridSettings,
  MANIFEST_RUNTIME,
  type ManifestConfig,
} from '@medkit/manifest';
import { median } from './process.ts';

const ENTITIES = 1000;
const LAYERS = 5;
const NODES = 500;
const WARM_UP = 30;
const ROUNDS = 60;

const CONFIG: ManifestConfig = {
  unmanifestedNodes: 'warn',
  inheritRuntimeResources: true,
  allowManifestOverride: true,
};
const SETTINGS: HybridSettings = {
  manifestLayer: true,
  runtimeLayer: true,
  manifestPolicies: {},
  runtimePolicies: {},
  gapFill: { apps: true, functions: true, whitelist: [], blacklist: [] },
};

/** Cost of merging the trees of several layers, compared with a copy of their contributions (`structuredClone`). */
export async function merge(): Promise<void> {
  const layers = [graph(ENTITIES), ...Array.from({ length: LAYERS - 1 }, (_, at) => layer(at, ENTITIES))];
  const clone = timed(() => structuredClone(layers));
  const merged = timed(() => mergeContributions(layers));
  compare(`merge of ${ENTITIES} entities from ${LAYERS} layers`, merged, clone);
  const arranged = timed(() => mergeContributions(arrange(layers).contributions));
  compare('the same with every app of the manifest linked to its node', arranged, clone);

  const [few, more] = [robot(NODES), robot(NODES + 1)];
  let last: (Arranged & MergeResult) | undefined;
  let isMore = false;
  const appearing = timed(() => {
    isMore = !isMore;
    const arranged = arrange(isMore ? more : few, last);
    last = { ...arranged, ...mergeContributions(arranged.contributions, last) };
  });
  compare(
    `a node that comes or goes among ${NODES}, with a manifest`,
    appearing,
    timed(() => structuredClone(few)),
  );
}

/** Returns the manifest and the first `nodes` discovered nodes. */
function robot(nodes: number): readonly Contribution[] {
  return [{ ...ALL, nodes: ALL.nodes?.slice(0, nodes), apps: ALL.apps.slice(0, nodes) }, DECLARED];
}

function arrange(contributions: readonly Contribution[], before?: Arranged): Arranged {
  return arrangeHybrid({ contributions, config: CONFIG, settings: SETTINGS, ...(before && { before }) });
}

/** Returns the milliseconds of each round. */
function timed(work: () => unknown): readonly number[] {
  const times: number[] = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    const startedMs = performance.now();
    work();
    if (round >= WARM_UP) times.push(performance.now() - startedMs);
  }
  return times;
}

function compare(what: string, times: readonly number[], calibrator: readonly number[]): void {
  const [mergeMs, copyMs] = [median(times), median(calibrator)];
  const worst = Math.max(...times);
  console.log(
    `${what}: ${mergeMs.toFixed(2)} ms (worst ${worst.toFixed(2)}), ${(mergeMs / copyMs).toFixed(2)} of a copy (${copyMs.toFixed(2)} ms)`,
  );
}

/** Builds a graph of nodes, each an app. */
function graph(count: number): Contribution {
  const fqns = Array.from({ length: count }, (_, at) => `/part_${at % 20}/node_${at}`);
  const apps = fqns.map((fqn, at): EntityLists['apps'][number] => ({
    kind: 'app',
    id: `node_${at}`,
    name: `node_${at}`,
    source: 'heuristic',
    aliases: [fqn, fqn.slice(1).replaceAll('/', '_')],
    address: { runtime: 'ros2', nativeId: fqn },
    node: fqn,
    online: true,
  }));
  const nodes = fqns.map((fqn) => ({ name: fqn, channels: [], internal: false }));
  return { runtime: 'ros2', priority: 10, nodes, areas: [], components: [], apps, functions: [] };
}

/** A layer of the manifest or a plugin: entities of all kinds, most of them apps. */
function layer(at: number, count: number): Contribution {
  const ids = (kind: string, share: number) => Array.from({ length: count * share }, (_, index) => `${kind}_${index}`);
  const components = ids('component', 0.1);
  const source = at === 0 ? 'manifest' : 'plugin';
  const common = (id: string) => ({
    id,
    name: `${id} of ${at}`,
    source,
    description: `told by ${at}`,
    tags: [`t${at}`],
  });
  return {
    runtime: at === 0 ? MANIFEST_RUNTIME : `plugin_${at}`,
    priority: at === 0 ? 20 : 10 - at,
    areas: ids('area', 0.02).map((id) => ({ kind: 'area', ...common(id) })),
    components: components.map((id, index) => ({ kind: 'component', ...common(id), areaId: `area_${index % 20}` })),
    apps: ids('node', 0.85).map((id, index) => ({
      kind: 'app',
      ...common(id),
      online: false,
      componentId: components[index % components.length],
      ...(at === 0 && { binding: { nodeName: id, namespace: '*' } }),
    })),
    functions: ids('function', 0.03).map((id, index) => ({
      kind: 'function',
      ...common(id),
      hosts: [`node_${index}`],
    })),
  };
}

const ALL = graph(NODES + 1);
const DECLARED = layer(0, NODES);
