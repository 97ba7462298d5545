import { type App, type FaultEvent, isLocal, type Log } from '@medkit/core';
import type { Clock, QuotaFigures, Timer } from '@medkit/edges';
import type { RosAccess } from '@medkit/plugin';
import { followGraph, type Graph, type GraphDiff, type LocalNode } from '@medkit/ros2';
import { buildDetectors } from './build-detectors.ts';
import { DetectorRound } from './detector-round.ts';
import { WATCHDOG_ID } from './fault-reports.ts';
import { DETECTOR_IDS, type Detector, type DetectorId } from './findings/finding.ts';
import type { Verdict } from './findings/verdicts.ts';
import { WarmUp } from './findings/warm-up.ts';
import { NodeTable } from './graph/node-table.ts';
import { TopicTable } from './graph/topic-table.ts';
import { NamedNodes } from './names/named-nodes.ts';
import { ParameterWatch } from './observe/parameter-watch.ts';
import { RequiredNodes } from './observe/required-nodes.ts';
import { RETRY_TICKS } from './observe/retry-ticks.ts';
import { StateReader } from './observe/state-reader.ts';
import { TfWatch } from './observe/tf-watch.ts';
import { TopicWatch } from './observe/topic-watch.ts';
import { type WatchdogOptions, watchedTopics } from './options/watchdog-options.ts';
import { PinnedNodes } from './parameters/pinned-nodes.ts';
import { RaiseGate } from './raise-gate.ts';
import { type StatusDocument, statusOf } from './status-document.ts';

export interface WatchdogDependencies {
  readonly options: WatchdogOptions;
  readonly ros: Pick<RosAccess, 'graph' | 'onGraphChange'>;
  /** The watchdog's node for requests and subscriptions. */
  readonly node: LocalNode;
  readonly clock: Clock;
  readonly log: Log;
  /** Called with each verdict of a tick. */
  readonly onVerdict: (verdict: Verdict) => void;
}

/**
 * Monitors a ROS 2 graph for faults that no node reports. Applies graph changes as they arrive; a tick evaluates only
 * what changed, so it is cheap without changes.
 */
export class Watchdog {
  readonly #deps: WatchdogDependencies;
  readonly #topics = new TopicTable();
  readonly #nodes = new NodeTable();
  readonly #named = new NamedNodes(this.#nodes);
  readonly #warmUp: WarmUp;
  readonly #states: StateReader;
  readonly #gate: RaiseGate;
  readonly #topicWatch: TopicWatch;
  readonly #detectors: ReturnType<typeof buildDetectors>;
  readonly #rounds: readonly DetectorRound[];
  readonly #required: RequiredNodes;
  readonly #tf: TfWatch;
  readonly #parameters: ParameterWatch;
  #present: ReadonlySet<string> = new Set();
  #tick = 0;
  /** True after the graph has started once; before that, no code passes. */
  #wasArmed = false;
  #longestTickMs = 0;
  #timer: Timer | undefined;
  #unfollow: (() => void) | undefined;

  constructor(deps: WatchdogDependencies) {
    const { options, node, clock, log } = deps;
    const { paramDrift, warmUp } = options;
    this.#deps = deps;
    this.#warmUp = new WarmUp(warmUp);
    this.#states = new StateReader(node, log);
    const [nodes, named] = [this.#nodes, this.#named];
    this.#gate = new RaiseGate({ warmUp: this.#warmUp, named, nodes, states: this.#states });
    this.#topicWatch = new TopicWatch({ node, clock, log, ...watchedTopics(options) });
    const pins = new PinnedNodes(paramDrift.expect, named, (message) => log('warn', message));
    const pinsOf = (fqn: string) => pins.pinsOf(fqn);
    this.#detectors = buildDetectors(options, {
      topics: this.#topics,
      named,
      watchedTopics: this.#topicWatch.topics,
      pinsOf,
    });
    this.#rounds = DETECTOR_IDS.map((id) => {
      const detector: Detector = this.#detectors[id];
      return new DetectorRound(id, options.modes[id], detector);
    });
    this.#required = new RequiredNodes({
      requireActive: this.#isOn('lifecycle_expectation') ? options.lifecycle.requireActive : [],
      detector: this.#detectors.lifecycle_expectation,
      nodes,
      named,
      ask: (fqn, tick) => this.#states.ask(fqn, tick),
      log,
      pruneGrace: warmUp.pruneGrace,
    });
    this.#tf = new TfWatch({ node, clock, log, frames: this.#detectors.tf_stale });
    this.#parameters = new ParameterWatch({
      node,
      clock,
      log,
      nodes,
      drift: this.#detectors.param_drift,
      isOpen: (fqn) => this.#gate.hasComeUp(fqn) && this.#gate.isActive(fqn),
      matters: (fqn) => paramDrift.baseline || pinsOf(fqn).size > 0,
      maxReadsPerTick: paramDrift.maxReadsPerTick,
      tickIntervalMs: options.tickIntervalMs,
    });
  }

  async start(): Promise<void> {
    const { ros, clock, options } = this.#deps;
    this.#unfollow = await followGraph(ros, {
      begin: (graph) => this.#apply(wholeGraph(graph)),
      change: (diff) => this.#apply(diff),
    });
    if (this.#isOn('param_drift')) await this.#parameters.start();
    this.#timer = clock.every(options.tickIntervalMs, () => this.tick());
  }

  async stop(): Promise<void> {
    this.#timer?.cancel();
    this.#unfollow?.();
    await Promise.all([this.#parameters, this.#tf, this.#topicWatch, this.#states].map((part) => part.stop()));
  }

  /**
   * Applies the current apps of the tree. Nodes of other gateways are in other graphs, even if they have the same name.
   */
  useApps(apps: readonly App[]): void {
    const watched = apps.filter((app) => app.id !== WATCHDOG_ID && app.node !== undefined && isLocal(app));
    this.#named.useApps(watched);
    this.#present = new Set(watched.filter(({ online }) => online).map(({ id }) => id));
  }

  /** Processes an event of the fault manager. */
  handle({ type, fault }: FaultEvent): void {
    if (type !== 'fault_cleared' || fault.status !== 'CLEARED') return;
    if (fault.code === 'GRAPH_NODE_DISAPPEARED') this.#detectors.node_disappeared.acknowledge();
    if (fault.code === 'GRAPH_TF_STALE') this.#detectors.tf_stale.acknowledge();
  }

  /** Counts of baseline parameters, by node. */
  figures(): QuotaFigures {
    return this.#detectors.param_drift.quota.figures();
  }

  /** Duration of the longest tick, in milliseconds. */
  get longestTickMs(): number {
    return this.#longestTickMs;
  }

  tick(): void {
    const { clock, onVerdict } = this.#deps;
    const nowMs = clock.monotonicMs();
    const tick = ++this.#tick;
    this.#warmUp.observe(tick, this.#present);
    const armed = this.#warmUp.globallyArmed;
    this.#wasArmed ||= armed;
    this.#takeTouched();
    if (tick % RETRY_TICKS === 0) this.#retry();
    for (const topic of this.#topicWatch.tick()) this.#detectors.rate_drop.forget(topic);
    this.#required.tick(tick, armed);
    if (this.#isOn('param_drift')) this.#parameters.tick(tick);
    this.#states.tidy(tick);
    for (const round of this.#rounds) {
      for (const finding of round.look(tick, nowMs)) this.#gate.askFor(finding, tick);
      if (!this.#wasArmed) continue;
      for (const verdict of round.judge((finding) => this.#gate.isOpenFor(finding))) onVerdict(verdict);
    }
    this.#longestTickMs = Math.max(this.#longestTickMs, clock.monotonicMs() - nowMs);
  }

  status(): StatusDocument {
    return statusOf({
      tick: this.#tick,
      warmUp: this.#warmUp,
      rounds: this.#rounds,
      isOpen: (finding) => this.#gate.isOpenFor(finding),
      lifecycleOf: (app) => this.#states.known(this.#named.nodeOf(app) ?? ''),
    });
  }

  #isOn(id: DetectorId): boolean {
    return this.#deps.options.modes[id] !== 'off';
  }

  #apply(diff: GraphDiff): void {
    const { node_disappeared, tf_stale, rate_drop } = this.#detectors;
    for (const { fqn, silent } of this.#nodes.apply(diff)) {
      if (silent && this.#gate.hasComeUp(fqn)) node_disappeared.lost(fqn);
    }
    for (const { endpoint, silent } of this.#topics.apply(diff)) {
      if (endpoint.role !== 'publisher') continue;
      if (silent) {
        tf_stale.publisherLost(endpoint.gid, this.#deps.clock.monotonicMs());
        continue;
      }
      tf_stale.publisherLeft(endpoint.gid);
      const isLast = !this.#topics.get(endpoint.name)?.publishers.size;
      if (isLast && this.#topicWatch.publishersLeft(endpoint.name)) rate_drop.forget(endpoint.name);
    }
  }

  /** Passes topics again that could not be subscribed to. */
  #retry(): void {
    for (const watch of [this.#tf, this.#topicWatch]) {
      for (const name of watch.takeFailed()) {
        const topic = this.#topics.get(name);
        if (topic) watch.update(topic);
      }
    }
  }

  #takeTouched(): void {
    const { qos_mismatch, orphan } = this.#detectors;
    for (const topic of this.#topics.takeTouched()) {
      if (this.#isOn('qos_mismatch')) qos_mismatch.update(topic);
      if (this.#isOn('orphan')) orphan.update(topic);
      if (this.#isOn('tf_stale')) this.#tf.update(topic);
      this.#topicWatch.update(topic);
    }
  }
}

/** Returns the graph as a change from an empty one. */
function wholeGraph({ generation, nodes, endpoints, participants }: Graph): GraphDiff {
  return {
    generation,
    nodes: { added: nodes, removed: [] },
    endpoints: { added: endpoints, removed: [] },
    participants: { added: participants, removed: [] },
  };
}
