import type { FaultCluster, FaultSeverity } from '@medkit/core';
import { type CodeMatcher, codeMatcher } from './code-pattern.ts';
import type { ClusterRule } from './correlation-rule.ts';
import type { Moment } from './moment.ts';

interface Growing {
  readonly id: string;
  readonly rule: ClusterRule;
  readonly since: Moment;
  /** Members with the severity of their first report. */
  readonly members: Map<string, FaultSeverity>;
  lastAtNs: bigint;
  representative: string;
  active: boolean;
}

interface Clustering {
  readonly rule: ClusterRule;
  readonly matches: CodeMatcher;
  /** The cluster that accepts members until its window ends. */
  open: Growing | undefined;
  count: number;
}

/** Effect of a FAILED report on the clusters. */
export interface Clustered {
  /** The cluster of the report, once it is active. */
  readonly clusterId?: string;
  /** Members that joined before the cluster was active and are now muted in favor of its representative. */
  readonly mutedSince: readonly string[];
}

const isOver = ({ since, rule }: Growing, nowMs: number): boolean => nowMs - since.monotonicMs > rule.windowMs;

function isSilent({ active, rule, representative }: Growing, code: string): boolean {
  return active && rule.showAsSingle && code !== representative;
}

/** Chooses the representative of a new cluster. */
function elect({ rule, members }: Growing): string {
  const codes = [...members.keys()];
  if (rule.representative === 'first') return codes[0];
  if (rule.representative === 'most_recent') return codes[codes.length - 1];
  return codes.reduce((best, code) => (members.get(code)! > members.get(best)! ? code : best));
}

/** Faults that occur in bursts, by rules of mode `auto_cluster`. A code is in at most one cluster. */
export class Clusters {
  readonly #clusterings: readonly Clustering[];
  readonly #clusterOf = new Map<string, Growing>();

  constructor(rules: readonly ClusterRule[]) {
    this.#clusterings = rules.map((rule) => ({ rule, matches: codeMatcher(rule.match), open: undefined, count: 0 }));
  }

  /** Processes a FAILED report; returns `undefined` if no rule matches its code. */
  failed(code: string, severity: FaultSeverity, now: Moment): Clustered | undefined {
    const clustering = this.#clusterings.find(({ matches }) => matches(code));
    if (clustering === undefined) return undefined;
    this.#dropIfOver(clustering, now.monotonicMs);
    const known = this.#clusterOf.get(code);
    const cluster = known ?? this.#openCluster(clustering, code, now);
    const wasActive = cluster.active;
    if (known === undefined) this.#join(cluster, code, severity, now);
    const others = [...cluster.members.keys()].filter((member) => member !== code);
    return {
      ...(cluster.active && { clusterId: cluster.id }),
      mutedSince: cluster.active && !wasActive ? others.filter((member) => isSilent(cluster, member)) : [],
    };
  }

  /** Removes a fault that was cleared or has healed from its cluster, which ends with its last member. */
  remove(code: string): void {
    const cluster = this.#clusterOf.get(code);
    if (cluster === undefined) return;
    this.#clusterOf.delete(code);
    cluster.members.delete(code);
    if (cluster.members.size > 0) {
      if (cluster.representative === code) cluster.representative = elect(cluster);
      return;
    }
    for (const clustering of this.#clusterings) if (clustering.open === cluster) clustering.open = undefined;
  }

  /** Drops groups that did not become a cluster in time. An active cluster stays until its last member leaves. */
  expire(nowMs: number): void {
    for (const clustering of this.#clusterings) this.#dropIfOver(clustering, nowMs);
  }

  isMuted(code: string): boolean {
    const cluster = this.#clusterOf.get(code);
    return cluster !== undefined && isSilent(cluster, code);
  }

  active(): readonly FaultCluster[] {
    return [...new Set(this.#clusterOf.values())]
      .filter(({ active }) => active)
      .map(({ id, rule, members, since, lastAtNs, representative }) => ({
        id,
        ruleId: rule.id,
        ruleName: rule.name,
        representativeCode: representative,
        representativeSeverity: members.get(representative)!,
        faultCodes: [...members.keys()],
        firstAtNs: since.wallNs,
        lastAtNs,
      }));
  }

  #dropIfOver(clustering: Clustering, nowMs: number): void {
    const { open } = clustering;
    if (open === undefined || !isOver(open, nowMs)) return;
    clustering.open = undefined;
    if (!open.active) for (const code of open.members.keys()) this.#clusterOf.delete(code);
  }

  #openCluster(clustering: Clustering, code: string, now: Moment): Growing {
    const { rule } = clustering;
    clustering.open ??= {
      id: `${rule.id}_${++clustering.count}`,
      rule,
      since: now,
      members: new Map(),
      lastAtNs: now.wallNs,
      representative: code,
      active: false,
    };
    return clustering.open;
  }

  #join(cluster: Growing, code: string, severity: FaultSeverity, now: Moment): void {
    const { rule, members } = cluster;
    members.set(code, severity);
    this.#clusterOf.set(code, cluster);
    cluster.lastAtNs = now.wallNs;
    cluster.active ||= members.size >= rule.minCount;
    const outranks = severity > members.get(cluster.representative)!;
    if (rule.representative === 'most_recent' || (rule.representative === 'highest_severity' && outranks)) {
      cluster.representative = code;
    }
  }
}
