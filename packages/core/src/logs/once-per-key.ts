/** Maximum number of remembered keys. Further keys are never reported. */
const MAX_KEYS = 1000;

/** Returns a function that is true the first time it is called with a key. Limits a repeated notice to one per key. */
export function oncePerKey(): (key: string) => boolean {
  const noted = new Set<string>();
  return (key) => {
    if (noted.has(key) || noted.size >= MAX_KEYS) return false;
    noted.add(key);
    return true;
  };
}
