import type { FaultSymptom } from '@medkit/core';
import { OwnedMap } from '@medkit/edges';
import { type CodeMatcher, codeMatcher } from './code-pattern.ts';
import type { HierarchicalRule } from './correlation-rule.ts';

/** Maximum pending root causes of one rule. Beyond it, the oldest of the source with the most is dropped. */
export const MAX_PENDING_ROOTS = 256;

interface KnownSymptom extends FaultSymptom {
  readonly rule: HierarchicalRule;
  muted: boolean;
}

interface PendingRoot {
  readonly sinceMs: number;
  readonly source: string | undefined;
}

interface Hierarchy {
  readonly rule: HierarchicalRule;
  readonly isRoot: CodeMatcher;
  readonly isSymptom: CodeMatcher;
  /** Root causes that may still explain, with the time of their last report, oldest first. */
  readonly pending: OwnedMap<string, PendingRoot>;
}

/** Root causes and their symptoms, by rules of mode `hierarchical`. */
export class RootCauses {
  readonly #hierarchies: readonly Hierarchy[];
  /**
   * Symptoms by code. A code is a symptom of only one root cause, the last that explained it, so that the map is
   * bounded by the number of codes.
   */
  readonly #symptoms = new Map<string, KnownSymptom>();

  constructor(rules: readonly HierarchicalRule[]) {
    this.#hierarchies = rules.map((rule) => ({
      rule,
      isRoot: codeMatcher(rule.rootCause),
      isSymptom: codeMatcher(rule.symptoms),
      pending: new OwnedMap(MAX_PENDING_ROOTS, ({ source }: PendingRoot) => source),
    }));
  }

  /** Processes a FAILED report. Returns the symptom, `'root'` for a root cause, or `undefined` for neither. */
  failed(code: string, nowMs: number, source?: string): FaultSymptom | 'root' | undefined {
    this.expire(nowMs);
    for (const { rule, isSymptom, pending } of this.#hierarchies) {
      const root = pending.size > 0 && isSymptom(code) ? firstOther(pending, code) : undefined;
      if (root === undefined) continue;
      const [rootCauseCode, { sinceMs }] = root;
      const symptom = { faultCode: code, rootCauseCode, ruleId: rule.id, delayMs: Math.round(nowMs - sinceMs) };
      this.#symptoms.set(code, { ...symptom, rule, muted: rule.muteSymptoms });
      return symptom;
    }
    const hierarchy = this.#hierarchies.find(({ isRoot }) => isRoot(code));
    if (hierarchy === undefined) return undefined;
    const known = hierarchy.pending.get(code);
    if (known) hierarchy.pending.set(code, { ...known, sinceMs: nowMs });
    else hierarchy.pending.keep(code, { sinceMs: nowMs, source });
    return 'root';
  }

  /** Forgets a cleared fault. Returns the symptoms to clear with it. */
  cleared(code: string): readonly string[] {
    const explained = this.#explainedBy(code);
    for (const { faultCode } of explained) this.#symptoms.delete(faultCode);
    this.#symptoms.delete(code);
    for (const { pending } of this.#hierarchies) pending.delete(code);
    return explained.filter(({ rule }) => rule.autoClearWithRoot).map(({ faultCode }) => faultCode);
  }

  /** Processes that a fault healed: it is no symptom any more, and its symptoms are no longer muted. */
  healed(code: string): void {
    for (const symptom of this.#explainedBy(code)) symptom.muted = false;
    this.#symptoms.delete(code);
  }

  /** Drops root causes whose window has ended. */
  expire(nowMs: number): void {
    for (const { rule, pending } of this.#hierarchies) {
      for (const [code, { sinceMs }] of pending) if (nowMs - sinceMs > rule.windowMs) pending.delete(code);
    }
  }

  isMuted(code: string): boolean {
    return this.#symptoms.get(code)?.muted ?? false;
  }

  muted(): readonly FaultSymptom[] {
    return [...this.#symptoms.values()].filter(({ muted }) => muted).map(plain);
  }

  /** Returns the explanation of a fault, whether it is muted or not. */
  symptomOf(code: string): FaultSymptom | undefined {
    const known = this.#symptoms.get(code);
    return known && plain(known);
  }

  /** Returns the first cause in the chain of explanations of a fault. Faults that explain each other have the last one. */
  rootOf(code: string): string | undefined {
    const chain = new Set([code]);
    let root = this.#symptoms.get(code)?.rootCauseCode;
    for (let next = root; next !== undefined && !chain.has(next); next = this.#symptoms.get(next)?.rootCauseCode) {
      chain.add(next);
      root = next;
    }
    return root;
  }

  #explainedBy(root: string): readonly KnownSymptom[] {
    return [...this.#symptoms.values()].filter(({ rootCauseCode }) => rootCauseCode === root);
  }
}

const plain = ({ faultCode, rootCauseCode, ruleId, delayMs }: KnownSymptom): FaultSymptom => ({
  faultCode,
  rootCauseCode,
  ruleId,
  delayMs,
});

/** Returns the first pending root cause other than `code`: no fault explains itself. */
function firstOther(
  pending: ReadonlyMap<string, PendingRoot>,
  code: string,
): readonly [string, PendingRoot] | undefined {
  for (const entry of pending) if (entry[0] !== code) return entry;
  return undefined;
}
