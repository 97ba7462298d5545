import { FIELD_GROUPS, type LayerPolicies, type MergePolicy } from '@medkit/core/merge';

/** How a manifest and a graph are joined, besides what the manifest itself says. */
export interface HybridSettings {
  /** `discovery.manifest.enabled`, `discovery.runtime.enabled`. */
  readonly manifestLayer: boolean;
  readonly runtimeLayer: boolean;
  /** `discovery.merge_pipeline.layers.*`: what differs from the defaults. */
  readonly manifestPolicies: LayerPolicies;
  readonly runtimePolicies: LayerPolicies;
  readonly gapFill: GapFill;
}

/** What of the graph is shown that no manifest declares. */
export interface GapFill {
  readonly apps: boolean;
  readonly functions: boolean;
  /** Namespaces outside of which nodes are not shown; none is all. */
  readonly whitelist: readonly string[];
  /** Namespaces in which nodes are not shown. */
  readonly blacklist: readonly string[];
}

/** What a manifest says of its entities counts first, but not of whether they run. */
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

/** The policies of the manifest; `allowOverride` is what it says itself, an explicit setting counts before that. */
export function manifestPolicies(overrides: LayerPolicies, allowOverride: boolean): LayerPolicies {
  return { ...(allowOverride ? MANIFEST_POLICIES : everywhere('fallback')), ...overrides };
}

/** The policies of the graph. */
export function runtimePolicies(overrides: LayerPolicies): LayerPolicies {
  return { ...RUNTIME_POLICIES, ...overrides };
}

function everywhere(policy: MergePolicy): LayerPolicies {
  return Object.fromEntries(FIELD_GROUPS.map((group) => [group, policy]));
}
