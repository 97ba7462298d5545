import { LatencyBudget } from './detectors/latency-budget.ts';
import { LifecycleExpectation } from './detectors/lifecycle-expectation.ts';
import { NodeDisappeared } from './detectors/node-disappeared.ts';
import { Orphan } from './detectors/orphan.ts';
import { ParamDrift } from './detectors/param-drift.ts';
import { QosMismatch } from './detectors/qos-mismatch.ts';
import { RateDrop, type WatchedTopic } from './detectors/rate-drop.ts';
import { TfStale } from './detectors/tf-stale.ts';
import type { Detector, DetectorId } from './findings/finding.ts';
import type { TopicTable } from './graph/topic-table.ts';
import type { NamedNodes } from './names/named-nodes.ts';
import type { WatchdogOptions } from './options/watchdog-options.ts';

export interface DetectorParts {
  readonly topics: TopicTable;
  readonly named: NamedNodes;
  readonly watchedTopics: ReadonlyMap<string, WatchedTopic>;
  readonly pinsOf: (fqn: string) => ReadonlyMap<string, unknown>;
}

/** Creates all detectors, by id. */
export function buildDetectors(options: WatchdogOptions, { topics, named, watchedTopics, pinsOf }: DetectorParts) {
  return {
    qos_mismatch: new QosMismatch(options.qosMismatch),
    orphan: new Orphan(options.orphan),
    param_drift: new ParamDrift(options.paramDrift, pinsOf),
    lifecycle_expectation: new LifecycleExpectation(options.lifecycle),
    node_disappeared: new NodeDisappeared(options.nodeDisappeared, named),
    tf_stale: new TfStale(options.tfStale, (gid) => topics.endpoint(gid)?.node),
    rate_drop: new RateDrop(options.rateDrop, watchedTopics),
    latency_budget: new LatencyBudget(options.latencyBudget, watchedTopics),
  } satisfies Record<DetectorId, Detector>;
}
