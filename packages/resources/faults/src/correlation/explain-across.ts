import type { FaultCluster, FaultSeverity, Origin } from '@medkit/core';
import { codeMatcher } from './code-pattern.ts';
import { correlation } from './correlation.ts';
import type { CorrelationRule } from './correlation-rule.ts';

/** A fault that is open at one of several gateways. */
export interface OpenFault {
  /** Whose it is; `local` for this gateway's. */
  readonly origin: Origin;
  readonly code: string;
  readonly severity: FaultSeverity;
  /** Since when, by the clock here, milliseconds since 1970. */
  readonly sinceMs: number;
  /** By how much that may be wrong. */
  readonly uncertaintyMs: number;
}

/** What explains a fault of one gateway: one of the same or of another. */
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

/** Which of the faults of several gateways explain which. */
export interface ExplainedFaults<Fault extends OpenFault> {
  symptomOf(fault: Fault): Explained<Fault> | undefined;
  /** Whether another one speaks for it. */
  isMuted(fault: Fault): boolean;
  readonly clusters: readonly ClusterAcross<Fault>[];
}

/** A code and whose it is, as one text: a pattern of those can name both. No name of a gateway has a space. */
export const originCode = (origin: Origin, code: string): string => `${origin} ${code}`;

/**
 * Explains the faults that are open at several gateways by rules over their `originCode`s, as if they had been reported to one in
 * the order of their times. Clocks are known so far only: a symptom that seems to come before its root cause by less than that
 * comes after it.
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
  const [most = 0, next = 0] = faults.map(({ uncertaintyMs }) => uncertaintyMs).toSorted((one, other) => other - one);
  const slackMs = 2 * (most + next);
  const told = correlation(rules.map((rule) => ({ ...rule, windowMs: rule.windowMs + slackMs })));
  for (const { key, fault, atMs } of keyed.toSorted((one, other) => one.atMs - other.atMs)) {
    const at = { monotonicMs: atMs, wallNs: BigInt(Math.round(fault.sinceMs * 1e6)) };
    told.failed(key, fault.severity, at, fault.origin);
  }
  const byKey = new Map(keyed.map(({ key, fault }) => [key, fault]));
  const keyOf = ({ origin, code }: Fault): string => originCode(origin, code);
  return {
    symptomOf: (fault) => {
      const symptom = told.symptomOf(keyOf(fault));
      const root = symptom && byKey.get(symptom.rootCauseCode);
      if (!symptom || !root) return undefined;
      const delayMs = Math.max(0, Math.round(fault.sinceMs - root.sinceMs));
      return { root, ruleId: symptom.ruleId, delayMs };
    },
    isMuted: (fault) => told.isMuted(keyOf(fault)),
    clusters: told.clusters().flatMap((cluster) => {
      const members = cluster.faultCodes.flatMap((key) => byKey.get(key) ?? []);
      const representative = byKey.get(cluster.representativeCode);
      if (!representative) return [];
      const faultCodes = members.map(({ code }) => code);
      return [{ ...cluster, faultCodes, representativeCode: representative.code, representative, members }];
    }),
  };
}
