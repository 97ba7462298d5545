/** Fields that share one merge policy. */
export type FieldGroup = 'identity' | 'hierarchy' | 'live_data' | 'status' | 'metadata';

export const FIELD_GROUPS: readonly FieldGroup[] = ['identity', 'hierarchy', 'live_data', 'status', 'metadata'];

/**
 * Precedence of a contribution for a group of fields: `authoritative` before `enrichment` before `fallback`. A field
 * that a contribution leaves empty never erases the value of another one.
 */
export type MergePolicy = 'authoritative' | 'enrichment' | 'fallback';

export const MERGE_POLICIES: readonly MergePolicy[] = ['authoritative', 'enrichment', 'fallback'];

export type LayerPolicies = { readonly [Group in FieldGroup]?: MergePolicy };

const STRENGTH: { readonly [P in MergePolicy]: number } = { authoritative: 2, enrichment: 1, fallback: 0 };

/** Returns the precedence of a contribution for a group; higher is stronger. */
export function strengthOf(policies: LayerPolicies | undefined, group: FieldGroup): number {
  return STRENGTH[policies?.[group] ?? 'enrichment'];
}

/** Returns whether the contribution is authoritative for the group. */
export function isAuthority(policies: LayerPolicies | undefined, group: FieldGroup): boolean {
  return policies?.[group] === 'authoritative';
}
