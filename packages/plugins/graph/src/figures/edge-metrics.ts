import type { FunctionRules } from '../options/function-rules.ts';
import type { DiagnosticSample } from './diagnostic-cache.ts';
import { isStale } from './freshness.ts';
import type { Unmeasured } from './measurement.ts';
import type { MeasuredFigures } from './topic-meter.ts';

export type MetricsStatus = 'pending' | 'active' | 'error';
export type EdgeError = 'metrics_stale' | 'qos_incompatible';

/** All that is known of an edge and its topic. */
export interface EdgeFacts {
  readonly diagnostics: DiagnosticSample | undefined;
  readonly measured: MeasuredFigures | Unmeasured | undefined;
  /** FQN of the node that measures for the gateway. */
  readonly observer: string | undefined;
  /** Publishers of the topic in the whole graph; 0 where that is not known. */
  readonly publisherCount: number;
  /** The rate that every publisher of the source promises by its deadline. */
  readonly promisedHz: number | undefined;
  /** Whether a message that is lost stays lost. */
  readonly losesMessages: boolean;
  readonly qosIsCompatible: boolean;
  readonly isRemembered: boolean;
}

/** How an edge does. */
export interface EdgeMetrics {
  readonly status: MetricsStatus;
  readonly error?: EdgeError;
  readonly frequencyHz?: number;
  readonly expectedHz?: number;
  readonly jitterMs?: number;
  readonly latencyMs?: number;
  readonly dataAgeMs?: number;
  readonly bytesPerSec?: number;
  readonly dropRatePercent: number;
  /** FQN of the node whose word these are: a monitor that publishes `/diagnostics`, or the gateway's own. */
  readonly source?: string;
  readonly publisherCount?: number;
  /** The rate may be that of several publishers. */
  readonly rateIsAmbiguous: boolean;
  readonly unmeasured?: Unmeasured;
  /** Frequency as a share of the expected one, where the edge is to be judged by it. */
  readonly ratio?: number;
  readonly isDegraded: boolean;
}

/**
 * How an edge does, at `nowMs` (monotonic). What a monitor says on `/diagnostics` comes before what the gateway measured,
 * figure by figure, as long as it is fresh; where it is not, what the gateway measures still counts if anything comes.
 */
export function edgeMetrics(facts: EdgeFacts, rules: FunctionRules, nowMs: number): EdgeMetrics {
  const { publisherCount, isRemembered, qosIsCompatible } = facts;
  const count = publisherCount > 0 ? { publisherCount } : {};
  const several = publisherCount > 1;
  const nothing = { ...count, dropRatePercent: 0, rateIsAmbiguous: several, isDegraded: false };
  if (!qosIsCompatible) return { ...nothing, status: 'error', error: 'qos_incompatible' };
  if (isRemembered) return { ...nothing, status: 'pending' };

  const said = sayingOf(facts.diagnostics, rules, nowMs);
  const measured = measuredOf(facts, rules, nowMs);
  if (said === 'stale' && !measured.isFlowing) return { ...nothing, status: 'error', error: 'metrics_stale' };
  const monitor = said === 'stale' ? undefined : said;
  if (!monitor && measured.isSilent) return { ...nothing, status: 'error', error: 'metrics_stale' };
  const { figures } = measured;
  if (!monitor && figures?.frequencyHz === undefined) {
    return { ...nothing, status: 'pending', ...(measured.unmeasured && { unmeasured: measured.unmeasured }) };
  }

  const isSuppressed = several && rules.multiPublisherRate === 'suppress';
  const monitoredHz = isSuppressed ? undefined : monitor?.frequencyHz;
  const frequencyHz = monitoredHz ?? figures?.frequencyHz;
  const expectedHz =
    monitoredHz === undefined ? measured.expectedHz : (monitor?.expectedFrequencyHz ?? rules.expectedFrequencyHz);
  const ratio = frequencyHz === undefined || expectedHz === undefined ? undefined : frequencyHz / expectedHz;
  const dropRatePercent = monitor?.dropRatePercent ?? measured.dropRatePercent;
  const source = monitor ? monitor.source : facts.observer;
  const latencyMs = monitor?.latencyMs ?? figures?.latencyMs;
  return {
    status: 'active',
    ...(frequencyHz !== undefined && { frequencyHz }),
    ...(expectedHz !== undefined && { expectedHz }),
    ...(latencyMs !== undefined && { latencyMs }),
    ...(figures?.jitterMs !== undefined && { jitterMs: figures.jitterMs }),
    ...(figures?.dataAgeMs !== undefined && { dataAgeMs: figures.dataAgeMs }),
    ...(figures && { bytesPerSec: figures.bytesPerSec }),
    ...(source !== undefined && { source }),
    ...count,
    dropRatePercent,
    // What the gateway measured, it measured of the publishers of this edge alone.
    rateIsAmbiguous: several && (monitoredHz !== undefined || frequencyHz === undefined),
    ...(ratio !== undefined && { ratio }),
    isDegraded:
      (ratio !== undefined && ratio < rules.degradedFrequencyRatio) || dropRatePercent > rules.dropRatePercentThreshold,
  };
}

function sayingOf(
  sample: DiagnosticSample | undefined,
  rules: FunctionRules,
  nowMs: number,
): DiagnosticSample | 'stale' | undefined {
  if (!sample) return undefined;
  const expectedHz = sample.expectedFrequencyHz ?? rules.expectedFrequencyHz;
  return isStale((nowMs - sample.atMs) / 1000, expectedHz, rules) ? 'stale' : sample;
}

interface MeasuredEdge {
  readonly figures: MeasuredFigures | undefined;
  readonly unmeasured: Unmeasured | undefined;
  /** The rate that somebody expects of the topic. Most topics may be silent without anything being wrong. */
  readonly expectedHz: number | undefined;
  readonly isFlowing: boolean;
  /** Nothing comes, though something should. */
  readonly isSilent: boolean;
  readonly dropRatePercent: number;
}

function measuredOf(
  { measured, promisedHz, losesMessages }: EdgeFacts,
  rules: FunctionRules,
  nowMs: number,
): MeasuredEdge {
  const expectedHz = rules.expectationIsConfigured ? rules.expectedFrequencyHz : promisedHz;
  const none = {
    figures: undefined,
    unmeasured: undefined,
    expectedHz,
    isFlowing: false,
    isSilent: false,
    dropRatePercent: 0,
  };
  if (measured === undefined) return none;
  if (typeof measured === 'string') return { ...none, unmeasured: measured };
  const { sinceMs, lastMs, messages, missed } = measured;
  const silentSec = (nowMs - (lastMs ?? sinceMs)) / 1000;
  const isSilent = expectedHz !== undefined && isStale(silentSec, expectedHz, rules);
  return {
    ...none,
    figures: measured,
    isFlowing: messages > 0 && !isSilent,
    isSilent,
    dropRatePercent: losesMessages && missed > 0 ? (100 * missed) / (missed + messages) : 0,
  };
}
