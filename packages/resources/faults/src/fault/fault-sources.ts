import type { Fault, FaultReport } from '@medkit/core';

/** Sources beyond it are not listed: a reporter that invents names must not make a fault grow without end. */
export const MAX_SOURCES_PER_FAULT = 128;

/** `sources` with `source` in its place; the same list where it is there already or the list is full. */
export function withSource(sources: readonly string[], source: string): readonly string[] {
  if (sources.includes(source) || sources.length >= MAX_SOURCES_PER_FAULT) return sources;
  return [...sources, source].sort();
}

/** Who has reported a fault, with whoever reports it now; its address, too, where that is known and the name is listed. */
export function withReport(
  { sources: known, reporters = [] }: Pick<Fault, 'sources' | 'reporters'>,
  { source, runtime }: Pick<FaultReport, 'source' | 'runtime'>,
): Pick<Fault, 'sources' | 'reporters'> {
  const sources = withSource(known, source);
  const isNew =
    runtime !== undefined &&
    reporters.length < MAX_SOURCES_PER_FAULT &&
    sources.includes(source) &&
    !reporters.some((reporter) => reporter.source === source && reporter.runtime === runtime);
  if (isNew) return { sources, reporters: [...reporters, { runtime, source }] };
  return reporters.length > 0 ? { sources, reporters } : { sources };
}

/** True where a source is the entity `id`, or ends with it as a whole segment: `/powertrain/motor` is `motor`. */
export function isSourceOf(source: string, id: string): boolean {
  return source === id || source.endsWith(`/${id}`);
}
