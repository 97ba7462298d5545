import type { Fault, FaultReport } from '@medkit/core';

/** Maximum listed sources of a fault: a reporter that invents names must not make it grow without bound. */
export const MAX_SOURCES_PER_FAULT = 128;

/** Returns `sources` with `source` inserted in order; the same list if it is already listed or the list is full. */
function withSource(sources: readonly string[], source: string): readonly string[] {
  if (sources.includes(source) || sources.length >= MAX_SOURCES_PER_FAULT) return sources;
  return [...sources, source].sort();
}

/** Adds a report's source to the reporters of a fault; also its runtime, if known and the source is listed. */
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

/** Returns whether a source is the entity `id` or ends with it as a whole segment: `/powertrain/motor` is `motor`. */
export function isSourceOf(source: string, id: string): boolean {
  return source === id || source.endsWith(`/${id}`);
}
