import type { FaultCluster, FaultSeverity, Origin } from '@medkit/core';
import { codeMatcher } from './code-pattern.ts';
import { correlation } from './correlation.ts';
import type { CorrelationRule } from './correlation-rule.ts';

/** An open fault of one of several gateways. */
export interface OpenFault {
  /** The gateway of the fault; `local` for this gateway. */
  readonly origin: Origin;
  readonly code: string;
  readonly severity: FaultSeverity;
  /** Start by the local clock, milliseconds since 1970. */
  readonly sinceMs: number;
  /** Uncertainty of the start. */
  readonly uncertaintyMs: number;
}

/** The explanation of a fault by a fault of the same or another gateway. */
export interface Explained<Fault extends OpenFault> {
  readonly root: Fault;
  readonly ruleId: string;
  readonly delayMs: number;
}

/** A cluster of faults of several gateways. */
export interface ClusterAcross<Fault extends OpenFault> extends FaultCluster {
  readonly representative: Fault;
  readonly members: readonly Fault[];
}

/** The relations between faults of several gateways. */
export interface ExplainedFaults<Fault extends OpenFault> {
  symptomOf(fault: Fault): Explained<Fault> | undefined;
  /** Returns whether another fault represents it. */
  isMuted(fault: Fault): boolean;
  readonly clusters: readonly ClusterAcross<Fault>[];
}

/** Returns an origin and a code as one text, so that a pattern can match both. Gateway names contain no space. */
export const originCode = (origin: Origin, code: string): string => `${origin} ${code}`;

/**
 * Explains the open faults of several gateways with rules for their `originCode`s, as if one gateway had received them
 * in the order of their times. A symptom that seems to precede its root cause by less than the clock uncertainty counts
 * as later.
 */
export function explainAcross<Fault extends OpenFault>(
  rules: readonly CorrelationRule[],
  faults: readonly Fault[],
): ExplainedFaults<Fault> {
  const isRoot = codeMatcher(rules.flatMap((rule) => (rule.mode === 'hierarchical' ? rule.rootCause : [])));
  const keyed = faults.map((fault) => {
    const key = originCode(fault.origin, fault.code);
    return { key, fault, atMs: fault.sinceMs + (isRoot(key) ? -1 : 1) * fault.uncertaintyMs };
  });
  const [largest = 0, next = 0] = faults
    .map(({ uncertaintyMs }) => uncertaintyMs)
    .toSorted((one, other) => other - one);
  const slackMs = 2 * (largest + next);
  const correlator = correlation(rules.map((rule) => ({ ...rule, windowMs: rule.windowMs + slackMs })));
  for (const { key, fault, atMs } of keyed.toSorted((one, other) => one.atMs - other.atMs)) {
    const at = { monotonicMs: atMs, wallNs: BigInt(Math.round(fault.sinceMs * 1e6)) };
    correlator.failed(key, fault.severity, at, fault.origin);
  }
  const byKey = new Map(keyed.map(({ key, fault }) => [key, fault]));
  const keyOf = ({ origin, code }: Fault): string => originCode(origin, code);
  return {
    symptomOf: (fault) => {
      const symptom = correlator.symptomOf(keyOf(fault));
      const root = symptom && byKey.get(symptom.rootCauseCode);
      if (!symptom || !root) return undefined;
      const delayMs = Math.max(0, Math.round(fault.sinceMs - root.sinceMs));
      return { root, ruleId: symptom.ruleId, delayMs };
    },
    isMuted: (fault) => correlator.isMuted(keyOf(fault)),
    clusters: correlator.clusters().flatMap((cluster) => {
      const members = cluster.faultCodes.flatMap((key) => byKey.get(key) ?? []);
      const representative = byKey.get(cluster.representativeCode);
      if (!representative) return [];
      const faultCodes = members.map(({ code }) => code);
      return [{ ...cluster, faultCodes, representativeCode: representative.code, representative, members }];
    }),
  };
}
