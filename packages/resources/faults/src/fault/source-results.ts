import type { Fault, FaultReport, SourceResult } from '@medkit/core';
import { MAX_SOURCES_PER_FAULT } from './fault-sources.ts';

/** Name of the entry for all sources beyond the bound. No source has it: an empty source is refused. */
const FURTHER_SOURCES = '';

type Reporter = Pick<FaultReport, 'source' | 'runtime'>;
type Results = readonly SourceResult[] | undefined;

/** The part of a fault that says who still reports it as failed. */
export type Failing = Pick<Fault, 'sources' | 'sourceResults' | 'conditions'>;

/**
 * The results with `reporter` failing. A source that has passed gives way to a failing one beyond the bound; without one,
 * the entry for further sources keeps the fault from healing.
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
  const kept = isFull ? others.toSpliced(passed, 1) : others;
  return [...kept, { source, ...(runtime !== undefined && { runtime }), failing: true }, ...further];
}

/** The results with `reporter` passed; the same list if nothing changes. */
export function withPassedSource(results: Results, reporter: Reporter): Results {
  if (!results?.some((each) => each.failing && isOf(each, reporter))) return results;
  return results.map((each) => (isOf(each, reporter) ? { ...each, failing: false } : each));
}

/** Whether a source has reported the present occurrence as failed. */
export function hasFailed({ sources, sourceResults, conditions }: Failing, reporter: Reporter): boolean {
  const isRaiser =
    sourceResults?.some((each) => isOf(each, reporter)) || conditions?.some(({ source }) => source === reporter.source);
  if (isRaiser) return true;
  // Faults of earlier releases, and sources beyond their bound there.
  return sourceResults === undefined && (sources.includes(reporter.source) || sources.length >= MAX_SOURCES_PER_FAULT);
}

/** Whether the latest report of a source is FAILED; `undefined` for a fault of an earlier release, which has no results. */
export function isFailing({ sourceResults, conditions }: Failing, reporter: Reporter): boolean | undefined {
  if (sourceResults?.some((each) => each.failing && isOf(each, reporter))) return true;
  if (conditions?.some(({ source, failing }) => failing && source === reporter.source)) return true;
  return sourceResults && false;
}

/** Whether a source other than `reporter` still fails, so that a PASSED of `reporter` does not count. */
export function failsElsewhere({ sourceResults = [], conditions = [] }: Failing, reporter: Reporter): boolean {
  const isOther = conditions.some(({ source, failing }) => failing && source !== reporter.source);
  return isOther || sourceResults.some((each) => each.failing && !isOf(each, reporter));
}

/** The sources that reported the present occurrence as failed, as far as they are known. */
export function raisersOf({ sourceResults = [], conditions = [] }: Failing): readonly string[] {
  return [...new Set([...sourceResults, ...conditions].flatMap(({ source }) => source || []))];
}

/** The results that a FAILED report adds to. After healing, the first FAILED starts a new list. */
export function resultsOfOccurrence({ status, sources, sourceResults }: Fault): readonly SourceResult[] {
  if (status === 'CLEARED') return [];
  // An earlier release stored no results: each of its sources may have passed, and may pass again.
  const known = sourceResults ?? sources.map((source) => ({ source, failing: false }));
  return status === 'HEALED' && !known.some(({ failing }) => failing) ? [] : known;
}

/** A report that names no runtime may come from any. */
function isOf(result: SourceResult, { source, runtime }: Reporter): boolean {
  if (result.source !== source) return false;
  return result.runtime === undefined || runtime === undefined || result.runtime === runtime;
}
