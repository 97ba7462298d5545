/** Sources beyond it are not listed: a reporter that invents names must not make a fault grow without end. */
export const MAX_SOURCES_PER_FAULT = 128;

/** `sources` with `source` in its place; the same list where it is there already or the list is full. */
export function withSource(sources: readonly string[], source: string): readonly string[] {
  if (sources.includes(source) || sources.length >= MAX_SOURCES_PER_FAULT) return sources;
  return [...sources, source].sort();
}

/** True where a source is the entity `id`, or ends with it as a whole segment: `/powertrain/motor` is `motor`. */
export function isSourceOf(source: string, id: string): boolean {
  return source === id || source.endsWith(`/${id}`);
}
