import type { Fault, FaultReport, SourceResult } from '@medkit/core';
import { MAX_SOURCES_PER_FAULT } from './fault-sources.ts';

/** Name of the entry for all sources beyond the bound. No source has it: an empty source is refused. */
const FURTHER_SOURCES = '';

type Reporter = Pick<FaultReport, 'source' | 'runtime'>;
type Results = readonly SourceResult[] | undefined;

/** The part of a fault that tracks which reporters still fail. */
export type Failing = Pick<Fault, 'sources' | 'sourceResults' | 'conditions'>;

/**
 * Returns the results with `reporter` failing. If the list is full, a passed source makes room. If there is none, the
 * entry for further sources prevents the fault from healing.
 */
export function withFailingSource(fault: Fault | undefined, reporter: Reporter): readonly SourceResult[] {
  const known = fault === undefined ? [] : resultsOfOccurrence(fault);
  if (known.some((each) => each.failing && isOf(each, reporter))) return known;
  const { source, runtime } = reporter;
  const further = known.filter((each) => each.source === FURTHER_SOURCES);
  const others = known.filter((each) => each.source !== FURTHER_SOURCES && !isOf(each, reporter));
  const passed = others.findIndex(({ failing }) => !failing);
  const isFull = others.length >= MAX_SOURCES_PER_FAULT;
  if (isFull && passed < 0) return [...others, { source: FURTHER_SOURCES, failing: true }];
  const retained = isFull ? others.toSpliced(passed, 1) : others;
  return [...retained, { source, ...(runtime !== undefined && { runtime }), failing: true }, ...further];
}

/** Returns the results with `reporter` passed; the same list if nothing changes. */
export function withPassedSource(results: Results, reporter: Reporter): Results {
  if (!results?.some((each) => each.failing && isOf(each, reporter))) return results;
  return results.map((each) => (isOf(each, reporter) ? { ...each, failing: false } : each));
}

/** Returns whether a source has reported the present occurrence as failed. */
export function hasFailed({ sources, sourceResults, conditions }: Failing, reporter: Reporter): boolean {
  const isRaiser =
    sourceResults?.some((each) => isOf(each, reporter)) || conditions?.some(({ source }) => source === reporter.source);
  if (isRaiser) return true;
  // Faults of earlier releases without results, and sources beyond their bound.
  return sourceResults === undefined && (sources.includes(reporter.source) || sources.length >= MAX_SOURCES_PER_FAULT);
}

/**
 * Returns whether the latest report of a source is FAILED; `undefined` for a fault of an earlier release, which has no
 * results.
 */
export function isFailing({ sourceResults, conditions }: Failing, reporter: Reporter): boolean | undefined {
  if (sourceResults?.some((each) => each.failing && isOf(each, reporter))) return true;
  if (conditions?.some(({ source, failing }) => failing && source === reporter.source)) return true;
  return sourceResults && false;
}

/** Returns whether a source other than `reporter` still fails, so that a PASSED report of `reporter` does not count. */
export function otherSourceFails({ sourceResults = [], conditions = [] }: Failing, reporter: Reporter): boolean {
  const isOther = conditions.some(({ source, failing }) => failing && source !== reporter.source);
  return isOther || sourceResults.some((each) => each.failing && !isOf(each, reporter));
}

/** Returns the known sources that reported the present occurrence as failed. */
export function failedSources({ sourceResults = [], conditions = [] }: Failing): readonly string[] {
  return [...new Set([...sourceResults, ...conditions].flatMap(({ source }) => source || []))];
}

/** Returns the results that a FAILED report adds to. After healing, the first FAILED report starts a new list. */
export function resultsOfOccurrence({ status, sources, sourceResults }: Fault): readonly SourceResult[] {
  if (status === 'CLEARED') return [];
  // An earlier release stored no results: each of its sources may have passed, and may pass again.
  const known = sourceResults ?? sources.map((source) => ({ source, failing: false }));
  return status === 'HEALED' && !known.some(({ failing }) => failing) ? [] : known;
}

/** Returns whether a result belongs to a reporter. A report without a runtime may come from any. */
function isOf(result: SourceResult, { source, runtime }: Reporter): boolean {
  if (result.source !== source) return false;
  return result.runtime === undefined || runtime === undefined || result.runtime === runtime;
}
