import type { Log } from '@medkit/core';
import { FIELD_GROUPS, type FieldGroup, type LayerPolicies, MERGE_POLICIES } from '@medkit/core/merge';
import type { HybridSettings } from '@medkit/manifest';
import type { GatewayConfig } from '../config/index.ts';

/** Returns the configured rules for merging manifest and graph. An invalid policy is logged and ignored. */
export function hybridSettings({ discovery }: Pick<GatewayConfig, 'discovery'>, log: Log): HybridSettings {
  const { gap_fill, layers } = discovery.merge_pipeline;
  return {
    manifestLayer: discovery.manifest.enabled,
    runtimeLayer: discovery.runtime.enabled,
    manifestPolicies: policiesIn('manifest', layers.manifest, log),
    runtimePolicies: policiesIn('runtime', layers.runtime, log),
    gapFill: {
      apps: gap_fill.allow_heuristic_apps,
      functions: gap_fill.allow_heuristic_functions,
      whitelist: gap_fill.namespace_whitelist,
      blacklist: gap_fill.namespace_blacklist,
    },
  };
}

function policiesIn(layer: string, names: { readonly [Group in FieldGroup]: string }, log: Log): LayerPolicies {
  return Object.fromEntries(
    FIELD_GROUPS.flatMap((group) => {
      const name = names[group];
      const policy = MERGE_POLICIES.find((known) => known === name);
      if (policy) return [[group, policy]];
      if (name !== '') {
        const key = `discovery.merge_pipeline.layers.${layer}.${group}`;
        log('warn', `${key}: "${name}" is not one of ${MERGE_POLICIES.join(', ')}; the default is used`);
      }
      return [];
    }),
  );
}
