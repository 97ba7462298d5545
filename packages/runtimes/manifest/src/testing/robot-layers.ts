import { type Contribution, ENTITY_KINDS, type EntityLists, type EntityTree } from '@medkit/core';
import { type MergeResult, mergeContributions } from '@medkit/core/merge';
import { app, component, entityLists, functionEntity } from '@medkit/core/testing';
import { DEFAULT_MANIFEST_CONFIG, type ManifestConfig } from '../document/manifest.ts';
import { type Arranged, arrangeHybrid } from '../layers/hybrid.ts';
import type { HybridSettings } from '../layers/layer-settings.ts';

/** The defaults of the configuration. */
export const SETTINGS: HybridSettings = {
  manifestLayer: true,
  runtimeLayer: true,
  manifestPolicies: {},
  runtimePolicies: {},
  gapFill: { apps: true, functions: false, whitelist: [], blacklist: [] },
};

/** Contribution of a manifest. */
export const manifest = (lists: Partial<EntityLists>): Contribution => ({
  runtime: 'manifest',
  priority: 20,
  ...entityLists(lists),
});

/** A manifest app bound to a node of that name in any namespace. */
export const declared = (id: string, nodeName?: string, fields: Parameters<typeof app>[1] = {}) =>
  app(id, {
    source: 'manifest',
    online: false,
    ...(nodeName !== undefined && { binding: { nodeName, namespace: '*' } }),
    ...fields,
  });

/** Contribution of a ROS graph; the last segment of an FQN is the id of its app. */
export function ros(fqns: readonly string[], more: Partial<EntityLists> = {}): Contribution {
  const apps = fqns
    .filter((fqn) => !fqn.includes('/_'))
    .map((fqn) =>
      app(fqn.slice(fqn.lastIndexOf('/') + 1), {
        node: fqn,
        aliases: [fqn],
        address: { runtime: 'ros2', nativeId: fqn },
        componentId: 'host',
      }),
    );
  const functions = [
    functionEntity(
      'root',
      apps.map(({ id }) => id),
    ),
  ];
  const nodes = fqns.map((fqn) => ({ name: fqn, channels: [], internal: fqn.includes('/_') }));
  return {
    runtime: 'ros2',
    priority: 10,
    nodes,
    ...entityLists({ apps, functions, components: [component('host')], ...more }),
  };
}

/** Contribution of a plugin. */
export const plugin = (lists: Partial<EntityLists>): Contribution => ({
  runtime: 'vendor',
  priority: 5,
  ...entityLists(lists),
});

/** Differences from the defaults. */
export interface Change {
  readonly config?: Partial<ManifestConfig>;
  readonly settings?: Partial<HybridSettings>;
  readonly bound?: ReadonlyMap<string, string>;
}

/** Arranges and merges contributions, optionally following a previous result. */
export function hybrid(
  contributions: readonly Contribution[],
  { config, settings, bound = new Map() }: Change = {},
  before?: Arranged & MergeResult,
): Arranged & MergeResult {
  const arranged = arrangeHybrid({
    contributions,
    config: { ...DEFAULT_MANIFEST_CONFIG, ...config },
    settings: { ...SETTINGS, ...settings },
    before: before ?? { bound },
  });
  return { ...arranged, ...mergeContributions(arranged.contributions, before) };
}

/** Returns the ids of a tree, by kind. */
export const idsOf = (tree: EntityTree) =>
  Object.fromEntries(ENTITY_KINDS.map((kind) => [kind, tree.all(kind).map(({ id }) => id)]));
