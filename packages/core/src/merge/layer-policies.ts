/** Fields that are decided on together. */
export type FieldGroup = 'identity' | 'hierarchy' | 'live_data' | 'status' | 'metadata';

export const FIELD_GROUPS: readonly FieldGroup[] = ['identity', 'hierarchy', 'live_data', 'status', 'metadata'];

/**
 * How much the word of a contribution counts for a group of fields: an authority is believed before those who enrich,
 * and those before a fallback. Nobody's silence erases what another says.
 */
export type MergePolicy = 'authoritative' | 'enrichment' | 'fallback';

export const MERGE_POLICIES: readonly MergePolicy[] = ['authoritative', 'enrichment', 'fallback'];

export type LayerPolicies = { readonly [Group in FieldGroup]?: MergePolicy };

const STRENGTH: { readonly [P in MergePolicy]: number } = { authoritative: 2, enrichment: 1, fallback: 0 };

/** The strength of a contribution's word: more is stronger. */
export function strengthOf(policies: LayerPolicies | undefined, group: FieldGroup): number {
  return STRENGTH[policies?.[group] ?? 'enrichment'];
}

/** True where the contribution is the authority for the group. */
export function isAuthority(policies: LayerPolicies | undefined, group: FieldGroup): boolean {
  return policies?.[group] === 'authoritative';
}
