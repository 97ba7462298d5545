/** Categories of what is kept of faults: every entity has them, and nobody uploads to them. */
export const EVIDENCE_CATEGORIES = ['rosbags', 'snapshots'] as const;
export type EvidenceCategory = (typeof EVIDENCE_CATEGORIES)[number];

export function isEvidence(category: string): category is EvidenceCategory {
  return (EVIDENCE_CATEGORIES as readonly string[]).includes(category);
}

const CATEGORY = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** The configured categories in order. Throws, in one line, where one cannot be a path segment or is not for uploads. */
export function categoriesOf(configured: readonly string[]): readonly string[] {
  for (const category of configured) {
    if (!CATEGORY.test(category)) {
      throw new Error(`bulk_data.categories: "${category}" is no category; letters, digits, "_" and "-", at most 64`);
    }
    if (isEvidence(category))
      throw new Error(`bulk_data.categories: "${category}" is for the evidence of faults alone`);
  }
  return [...new Set(configured)].sort();
}
