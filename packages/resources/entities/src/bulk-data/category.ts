/** Categories of fault evidence. Every entity has them, and clients cannot upload to them. */
export const EVIDENCE_CATEGORIES = ['rosbags', 'snapshots'] as const;
export type EvidenceCategory = (typeof EVIDENCE_CATEGORIES)[number];

export function isEvidence(category: string): category is EvidenceCategory {
  return (EVIDENCE_CATEGORIES as readonly string[]).includes(category);
}

const CATEGORY = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/**
 * Returns the configured categories, sorted. Throws a one-line error if a category is no valid path segment or is
 * reserved for evidence.
 */
export function categoriesOf(configured: readonly string[]): readonly string[] {
  for (const category of configured) {
    if (!CATEGORY.test(category)) {
      throw new Error(
        `bulk_data.categories: "${category}" is not a valid category; use letters, digits, "_" and "-", at most 64`,
      );
    }
    if (isEvidence(category))
      throw new Error(`bulk_data.categories: "${category}" is reserved for the evidence of faults`);
  }
  return [...new Set(configured)].sort();
}
