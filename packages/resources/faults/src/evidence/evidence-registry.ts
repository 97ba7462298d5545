import type { Fault } from '@medkit/core';
import type { LogScope, LogSource } from '../logs/log-source.ts';
import { type EvidenceSources, type JoinedSources, RuntimeLeft } from './evidence-sources.ts';
import type { FaultRecords } from './fault-records.ts';
import { joinedSampler } from './joined-sampler.ts';
import { JoinedTaps } from './joined-taps.ts';

/** The evidence of all runtimes: each brings what it has when it joins, and takes it along when it leaves. */
export interface EvidenceRegistry extends EvidenceSources {
  /** How the runtime that reported a fault records it; `undefined` where none of those that are there does. */
  recordsOf(fault: Fault): FaultRecords | undefined;
  /**
   * A runtime joins. Gives what it calls when it leaves, before it closes what it brought: whoever waits for something of
   * it is told at once that the runtime left.
   */
  join(runtime: string, sources: EvidenceSources): () => void;
  /** Lines that no runtime brings along are looked for there. */
  addLog(log: LogSource): void;
}

/** A registry that nobody has joined. */
export function evidenceRegistry(): EvidenceRegistry {
  const joined: JoinedSources[] = [];
  const others: LogSource[] = [];
  const sampler = joinedSampler(() => joined);
  const taps = new JoinedTaps(() => joined);
  return {
    sampler,
    taps,
    logs: {
      between: (scope, ...time) => [
        ...joined.flatMap(({ logs, runtime }) => logs.between(scopeAt(runtime, scope), ...time)),
        ...others.flatMap((log) => log.between(scope, ...time)),
      ],
    },
    recordsOf: (fault) => joined.find(({ records }) => records?.has(fault))?.records,
    addLog: (log) => void others.push(log),
    join: (runtime, brought) => {
      const leaving = new AbortController();
      const sources: JoinedSources = { ...brought, runtime, left: leaving.signal };
      joined.push(sources);
      sampler.joined(sources.sampler);
      taps.joined(sources);
      return () => {
        const at = joined.indexOf(sources);
        if (at < 0) return;
        joined.splice(at, 1);
        taps.left(sources);
        leaving.abort(new RuntimeLeft(runtime));
      };
    },
  };
}

/** What a runtime is asked for: not for who has a name of its own somewhere else. */
function scopeAt(runtime: string, { sources, reporters, ...scope }: LogScope): LogScope {
  const isElsewhere = (source: string): boolean => {
    const known = reporters.filter((reporter) => reporter.source === source);
    return known.length > 0 && known.every((reporter) => reporter.runtime !== runtime);
  };
  return { ...scope, reporters, sources: sources.filter((source) => !isElsewhere(source)) };
}
