/** When the gateway measures topics itself: while somebody looks at a graph that they are in, all the time, or never. */
export type Measure = 'on_demand' | 'always' | 'off';
/** What is made of a rate on `/diagnostics` that several publishers may have made together. */
export type MultiPublisherRate = 'annotate' | 'suppress';

/** How the pipeline of one function is judged. */
export interface FunctionRules {
  /** Rate that a topic should have where nothing more exact is known, Hz. */
  readonly expectedFrequencyHz: number;
  /** False where that is only the default, which says nothing about topics that nobody made `/diagnostics` of. */
  readonly expectationIsConfigured: boolean;
  /** A topic is degraded below this share of its expected rate. */
  readonly degradedFrequencyRatio: number;
  /** A topic is degraded above this loss. */
  readonly dropRatePercentThreshold: number;
  /** A figure is fresh for so long at least. */
  readonly freshnessFloorSec: number;
  /** A figure is fresh for so many periods of its topic. */
  readonly freshnessHeadroomFactor: number;
  /** How long after that it still counts. */
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
