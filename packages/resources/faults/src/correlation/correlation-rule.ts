interface Common {
  readonly id: string;
  readonly name: string;
  /** How long after a root cause, or after the first fault of a cluster, other faults are related to it. */
  readonly windowMs: number;
}

/** A fault explains others that occur shortly after it. Codes may contain `*`. */
export interface HierarchicalRule extends Common {
  readonly mode: 'hierarchical';
  readonly rootCause: readonly string[];
  readonly symptoms: readonly string[];
  /** Whether symptoms are hidden from subscribers and lists. */
  readonly muteSymptoms: boolean;
  /** Whether symptoms are cleared with their root cause. */
  readonly autoClearWithRoot: boolean;
}

/** Which member represents a cluster. */
export type Representative = 'first' | 'most_recent' | 'highest_severity';

/** Several faults within a short time are one event. Codes may contain `*`. */
export interface ClusterRule extends Common {
  readonly mode: 'auto_cluster';
  readonly match: readonly string[];
  /** Number of distinct codes that make a cluster. */
  readonly minCount: number;
  /** Whether subscribers are notified of the representative only. */
  readonly showAsSingle: boolean;
  readonly representative: Representative;
}

export type CorrelationRule = HierarchicalRule | ClusterRule;
