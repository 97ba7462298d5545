import type { FunctionRules } from '../options/function-rules.ts';
import type { DiagnosticSample } from './diagnostic-cache.ts';
import { isStale } from './freshness.ts';
import type { Unmeasured } from './measurement.ts';
import type { MeasuredFigures } from './topic-meter.ts';

export type MetricsStatus = 'pending' | 'active' | 'error';
export type EdgeError = 'metrics_stale' | 'qos_incompatible';

/** Everything known about an edge and its topic. */
export interface EdgeFacts {
  readonly diagnostics: DiagnosticSample | undefined;
  readonly measured: MeasuredFigures | Unmeasured | undefined;
  /** FQN of the node that measures for the gateway. */
  readonly observer: string | undefined;
  /** Publishers of the topic in the whole graph; 0 if unknown. */
  readonly publisherCount: number;
  /** The minimum rate by the deadlines of all publishers of the source. */
  readonly promisedHz: number | undefined;
  /** Whether lost messages are not repeated. */
  readonly losesMessages: boolean;
  readonly qosIsCompatible: boolean;
  readonly isRemembered: boolean;
}

/** Metrics of an edge. */
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
  /** FQN of the node that provides them: a monitor that publishes `/diagnostics`, or the gateway's node. */
  readonly source?: string;
  readonly publisherCount?: number;
  /** The rate may be the sum of several publishers. */
  readonly rateIsAmbiguous: boolean;
  readonly unmeasured?: Unmeasured;
  /** Share of the expected frequency, if the edge is judged by it. */
  readonly ratio?: number;
  readonly isDegraded: boolean;
}

/**
 * Returns the metrics of an edge at `nowMs` (monotonic). Each fresh figure from `/diagnostics` takes precedence over
 * the gateway's measurement. If it is outdated, the gateway's figures are used as long as messages arrive.
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
    // The gateway measures only the publishers of this edge.
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
  /** The expected rate of the topic. Most topics may be silent without a problem. */
  readonly expectedHz: number | undefined;
  readonly isFlowing: boolean;
  /** No messages arrive although they should. */
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
