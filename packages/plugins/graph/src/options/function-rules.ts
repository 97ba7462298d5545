/** When the gateway measures topics: while clients request their graph, always, or never. */
export type Measure = 'on_demand' | 'always' | 'off';
/** How to show a rate from `/diagnostics` that may be the sum of several publishers. */
export type MultiPublisherRate = 'annotate' | 'suppress';

/** Rules for judging the pipeline of a function. */
export interface FunctionRules {
  /** Expected rate of a topic if nothing more specific is known, in Hz. */
  readonly expectedFrequencyHz: number;
  /** False for the default rate, which says nothing about topics without `/diagnostics`. */
  readonly expectationIsConfigured: boolean;
  /** A topic is degraded below this share of its expected rate. */
  readonly degradedFrequencyRatio: number;
  /** A topic is degraded above this loss. */
  readonly dropRatePercentThreshold: number;
  /** Minimum time that a figure is fresh. */
  readonly freshnessFloorSec: number;
  /** Periods of the topic during which a figure is fresh. */
  readonly freshnessHeadroomFactor: number;
  /** Additional time that a figure is used after it is no longer fresh. */
  readonly staleGraceSec: number;
  readonly multiPublisherRate: MultiPublisherRate;
  readonly measure: Measure;
}

export const DEFAULT_RULES: FunctionRules = {
  expectedFrequencyHz: 30,
  expectationIsConfigured: false,
  degradedFrequencyRatio: 0.5,
  dropRatePercentThreshold: 5,
  freshnessFloorSec: 5,
  freshnessHeadroomFactor: 3,
  staleGraceSec: 2,
  multiPublisherRate: 'annotate',
  measure: 'on_demand',
};
