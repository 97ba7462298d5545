import type { FaultCluster, FaultSeverity, FaultSymptom } from '@medkit/core';
import { type Clustered, Clusters } from './clusters.ts';
import type { CorrelationRule } from './correlation-rule.ts';
import type { Moment } from './moment.ts';
import { RootCauses } from './root-causes.ts';

/** What a FAILED report has to do with others. */
export interface Correlated {
  /** The report is kept from subscribers: another fault speaks for it. */
  readonly muted: boolean;
  /** The fault is taken for the cause of those that follow. */
  readonly isRootCause: boolean;
  readonly symptom?: FaultSymptom;
  readonly clustered?: Clustered;
}

/** Finds out which faults explain which. Holds what was reported of late; reads no clock and stores nothing. */
export interface Correlation {
  /** Takes a FAILED report of a source. The first that applies counts: symptom, root cause, cluster. */
  failed(code: string, severity: FaultSeverity, now: Moment, source?: string): Correlated;
  /** Takes a clear. Gives the symptoms that are to be cleared with the fault. */
  cleared(code: string): readonly string[];
  /** Takes it that a fault healed. */
  healed(code: string): void;
  /** Puts away what can explain nothing any more. */
  expire(nowMs: number): void;
  /** True for a fault that others speak for, as a symptom or as a member of a cluster. */
  isMuted(code: string): boolean;
  /** What explains a fault, by a rule that mutes or by one that does not. */
  symptomOf(code: string): FaultSymptom | undefined;
  /** Symptoms that are kept from lists. */
  mutedSymptoms(): readonly FaultSymptom[];
  clusters(): readonly FaultCluster[];
}

/** A correlation by `rules`, in which nothing was reported yet. */
export function correlation(rules: readonly CorrelationRule[]): Correlation {
  const roots = new RootCauses(rules.filter((rule) => rule.mode === 'hierarchical'));
  const clusters = new Clusters(rules.filter((rule) => rule.mode === 'auto_cluster'));
  const isMuted = (code: string): boolean => roots.isMuted(code) || clusters.isMuted(code);
  return {
    failed: (code, severity, now, source) => {
      const found = roots.failed(code, now.monotonicMs, source);
      const clustered = found === undefined ? clusters.failed(code, severity, now) : undefined;
      return {
        muted: isMuted(code),
        isRootCause: found === 'root',
        ...(typeof found === 'object' && { symptom: found }),
        ...(clustered !== undefined && { clustered }),
      };
    },
    cleared: (code) => {
      const symptoms = roots.cleared(code);
      for (const gone of [code, ...symptoms]) clusters.left(gone);
      return symptoms;
    },
    healed: (code) => {
      clusters.left(code);
      roots.healed(code);
    },
    expire: (nowMs) => {
      roots.expire(nowMs);
      clusters.expire(nowMs);
    },
    isMuted,
    symptomOf: (code) => roots.symptomOf(code),
    mutedSymptoms: () => roots.muted(),
    clusters: () => clusters.active(),
  };
}
