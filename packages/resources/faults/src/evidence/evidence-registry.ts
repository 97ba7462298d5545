import type { Fault } from '@medkit/core';
import type { LogScope, LogSource } from '../logs/log-source.ts';
import { RuntimeLeft } from '../topic-sampler.ts';
import type { EvidenceSources, RuntimeSources } from './evidence-sources.ts';
import type { FaultRecords } from './fault-records.ts';
import { samplerGroup } from './sampler-group.ts';
import { TapGroup } from './tap-group.ts';

/**
 * The evidence sources of all runtimes. Each runtime adds its sources when it joins and removes them when it leaves.
 */
export interface EvidenceRegistry extends EvidenceSources {
  /** Returns the record form of the runtime that reported a fault; `undefined` if no joined runtime has one. */
  recordsOf(fault: Fault): FaultRecords | undefined;
  /**
   * Adds a runtime. Returns a function to call when it leaves, before it closes its sources; pending calls then reject
   * immediately.
   */
  join(runtime: string, sources: EvidenceSources): () => void;
  /** Adds a log source that belongs to no runtime. */
  addLog(log: LogSource): void;
}

/** Creates an empty registry. */
export function evidenceRegistry(): EvidenceRegistry {
  const registered: RuntimeSources[] = [];
  const others: LogSource[] = [];
  const sampler = samplerGroup(() => registered);
  const taps = new TapGroup(() => registered);
  return {
    sampler,
    taps,
    logs: {
      between: (scope, ...time) => [
        ...registered.flatMap(({ logs, runtime }) => logs.between(scopeAt(runtime, scope), ...time)),
        ...others.flatMap((log) => log.between(scope, ...time)),
      ],
    },
    recordsOf: (fault) => registered.find(({ records }) => records?.has(fault))?.records,
    addLog: (log) => void others.push(log),
    join: (runtime, brought) => {
      const leaving = new AbortController();
      const sources: RuntimeSources = { ...brought, runtime, removed: leaving.signal };
      registered.push(sources);
      sampler.addSampler(sources.sampler);
      taps.add(sources);
      return () => {
        const at = registered.indexOf(sources);
        if (at < 0) return;
        registered.splice(at, 1);
        taps.remove(sources);
        leaving.abort(new RuntimeLeft(runtime));
      };
    },
  };
}

/** Limits a log scope to one runtime: leaves out sources that are known to belong to other runtimes. */
function scopeAt(runtime: string, { sources, reporters, ...scope }: LogScope): LogScope {
  const isFromOther = (source: string): boolean => {
    const known = reporters.filter((reporter) => reporter.source === source);
    return known.length > 0 && known.every((reporter) => reporter.runtime !== runtime);
  };
  return { ...scope, reporters, sources: sources.filter((source) => !isFromOther(source)) };
}
