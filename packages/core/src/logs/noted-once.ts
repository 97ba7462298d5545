/** How many keys are remembered; nothing is noted of those beyond. */
const MAX_KEYS = 1000;

/** True for each key the first time: for notices that would otherwise come with every hint. */
export function notedOnce(): (key: string) => boolean {
  const noted = new Set<string>();
  return (key) => {
    if (noted.has(key) || noted.size >= MAX_KEYS) return false;
    noted.add(key);
    return true;
  };
}
