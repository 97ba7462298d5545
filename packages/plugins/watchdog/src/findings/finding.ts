import type { FaultSeverity } from '@medkit/core';

export const SEVERITY = { warn: 1, error: 2 } as const satisfies Record<string, FaultSeverity>;

/** The detectors in the order in which they are shown, each with the codes of its faults. */
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

/** Something that a detector holds to be wrong at this tick. */
export interface Finding {
  readonly code: WatchdogCode;
  /** What it is about; the same for as long as it lasts. */
  readonly key: string;
  /** For people; the key is shown where it is empty. */
  readonly detail: string;
  readonly severity: FaultSeverity;
  /** FQN of the node that suffers from it, where that is known. It is raised once that node has come up. */
  readonly node?: string;
}

/** Watches one kind of silent fault. What it observes reaches it between ticks; it has no timers and does no I/O. */
export interface Detector {
  /** Ticks that a finding has to last before it is raised. */
  readonly grace: number;
  /** What is wrong now. `tick` grows by one with each call; `nowMs` is monotonic. */
  findings(tick: number, nowMs: number): readonly Finding[];
  /** False while not everything has been looked at, so that nothing may be called clean. Absent: always true. */
  complete?(): boolean;
}
