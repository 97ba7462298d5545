import type { FaultSeverity } from '@medkit/core';

export const SEVERITY = { warn: 1, error: 2 } as const satisfies Record<string, FaultSeverity>;

/** The detectors in display order, each with its fault codes. */
export const DETECTORS = {
  qos_mismatch: ['GRAPH_QOS_MISMATCH'],
  orphan: ['GRAPH_ORPHAN'],
  param_drift: ['GRAPH_PARAM_DRIFT'],
  lifecycle_expectation: ['GRAPH_NODE_INACTIVE', 'GRAPH_NODE_UNREADABLE', 'GRAPH_NODE_NOT_MANAGED'],
  node_disappeared: ['GRAPH_NODE_DISAPPEARED'],
  tf_stale: ['GRAPH_TF_STALE'],
  rate_drop: ['GRAPH_RATE_DROP'],
  latency_budget: ['GRAPH_LATENCY_BUDGET'],
} as const;

export type DetectorId = keyof typeof DETECTORS;
export type WatchdogCode = (typeof DETECTORS)[DetectorId][number];

export const DETECTOR_IDS = Object.keys(DETECTORS) as readonly DetectorId[];

/** A problem that a detector sees at this tick. */
export interface Finding {
  readonly code: WatchdogCode;
  /** Subject of the finding; stays the same while it lasts. */
  readonly key: string;
  /** Text for users; if empty, the key is shown. */
  readonly detail: string;
  readonly severity: FaultSeverity;
  /** FQN of the affected node, if known. The finding is raised once that node has started. */
  readonly node?: string;
}

/** Detects one kind of silent fault. Its observations arrive between ticks; it has no timers and does no I/O. */
export interface Detector {
  /** Ticks that a finding must last before it is raised. */
  readonly grace: number;
  /** Returns the current problems. `tick` increases by one with each call; `nowMs` is monotonic. */
  findings(tick: number, nowMs: number): readonly Finding[];
  /** Returns `false` while the observation is incomplete, so that no code may pass. If absent, always true. */
  complete?(): boolean;
}
