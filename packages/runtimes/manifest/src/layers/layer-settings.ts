import { FIELD_GROUPS, type LayerPolicies, type MergePolicy } from '@medkit/core/merge';

/** Settings for merging a manifest with a graph, in addition to those in the manifest. */
export interface HybridSettings {
  /** `discovery.manifest.enabled`, `discovery.runtime.enabled`. */
  readonly manifestLayer: boolean;
  readonly runtimeLayer: boolean;
  /** `discovery.merge_pipeline.layers.*`: differences from the defaults. */
  readonly manifestPolicies: LayerPolicies;
  readonly runtimePolicies: LayerPolicies;
  readonly gapFill: GapFill;
}

/** Which undeclared parts of the graph are shown. */
export interface GapFill {
  readonly apps: boolean;
  readonly functions: boolean;
  /** Only nodes in these namespaces are shown; empty: all. */
  readonly whitelist: readonly string[];
  /** Nodes in these namespaces are hidden. */
  readonly blacklist: readonly string[];
}

/** The manifest takes precedence, except for whether entities run. */
const MANIFEST_POLICIES: LayerPolicies = {
  identity: 'authoritative',
  hierarchy: 'authoritative',
  live_data: 'enrichment',
  status: 'fallback',
  metadata: 'authoritative',
};

const RUNTIME_POLICIES: LayerPolicies = {
  identity: 'fallback',
  hierarchy: 'fallback',
  live_data: 'authoritative',
  status: 'authoritative',
  metadata: 'enrichment',
};

/**
 * Returns the policies of the manifest. `allowOverride` comes from the manifest; an explicit setting takes precedence
 * over it.
 */
export function manifestPolicies(overrides: LayerPolicies, allowOverride: boolean): LayerPolicies {
  return { ...(allowOverride ? MANIFEST_POLICIES : everywhere('fallback')), ...overrides };
}

/** Returns the policies of the graph. */
export function runtimePolicies(overrides: LayerPolicies): LayerPolicies {
  return { ...RUNTIME_POLICIES, ...overrides };
}

function everywhere(policy: MergePolicy): LayerPolicies {
  return Object.fromEntries(FIELD_GROUPS.map((group) => [group, policy]));
}
