/** The category of recordings of faults: every entity has it, and nobody uploads to it. */
export const RECORDINGS = 'rosbags';
const CATEGORY = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** The configured categories in order. Throws, in one line, where one cannot be a path segment or is not for uploads. */
export function categoriesOf(configured: readonly string[]): readonly string[] {
  for (const category of configured) {
    if (!CATEGORY.test(category)) {
      throw new Error(`bulk_data.categories: "${category}" is no category; letters, digits, "_" and "-", at most 64`);
    }
    if (category === RECORDINGS)
      throw new Error(`bulk_data.categories: "${RECORDINGS}" is for recordings of faults alone`);
  }
  return [...new Set(configured)].sort();
}
