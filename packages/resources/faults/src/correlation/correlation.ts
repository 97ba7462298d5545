import type { FaultCluster, FaultSeverity, FaultSymptom } from '@medkit/core';
import { type Clustered, Clusters } from './clusters.ts';
import type { CorrelationRule } from './correlation-rule.ts';
import type { Moment } from './moment.ts';
import { RootCauses } from './root-causes.ts';

/** How a FAILED report relates to others. */
export interface Correlated {
  /** True if the report is hidden from subscribers in favor of another fault. */
  readonly muted: boolean;
  /** True if the fault may explain later ones. */
  readonly isRootCause: boolean;
  readonly symptom?: FaultSymptom;
  readonly clustered?: Clustered;
}

/** Finds relations between faults. Holds recent reports; reads no clock and stores nothing. */
export interface Correlation {
  /** Processes a FAILED report of a source. The first match counts: symptom, root cause, cluster. */
  failed(code: string, severity: FaultSeverity, now: Moment, source?: string): Correlated;
  /** Processes a clear. Returns the symptoms to clear with the fault. */
  cleared(code: string): readonly string[];
  /** Processes that a fault healed. */
  healed(code: string): void;
  /** Drops root causes and groups whose window has ended. */
  expire(nowMs: number): void;
  /** Returns whether a fault is hidden, as a symptom or as a member of a cluster. */
  isMuted(code: string): boolean;
  /** Returns the explanation of a fault, whether its rule mutes it or not. */
  symptomOf(code: string): FaultSymptom | undefined;
  /** Returns the code at the end of the chain of explanations of a fault; `undefined` if nothing explains it. */
  rootOf(code: string): string | undefined;
  /** Returns the symptoms that are hidden from lists. */
  mutedSymptoms(): readonly FaultSymptom[];
  clusters(): readonly FaultCluster[];
}

/** Creates a correlation with these rules and no reports. */
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
      for (const gone of [code, ...symptoms]) clusters.remove(gone);
      return symptoms;
    },
    healed: (code) => {
      clusters.remove(code);
      roots.healed(code);
    },
    expire: (nowMs) => {
      roots.expire(nowMs);
      clusters.expire(nowMs);
    },
    isMuted,
    symptomOf: (code) => roots.symptomOf(code),
    rootOf: (code) => roots.rootOf(code),
    mutedSymptoms: () => roots.muted(),
    clusters: () => clusters.active(),
  };
}
