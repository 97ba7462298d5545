import { reasonOf } from '@medkit/core';
import type { RosMessage, Subscription, TopicSample } from '@medkit/ros2';
import { ReportFilter } from '../reporter/report-filter.ts';
import type { BridgeContext } from './bridge-context.ts';
import { type DiagnosticRules, diagnosticReport } from './diagnostic-report.ts';

export interface DiagnosticsBridgeSettings extends DiagnosticRules {
  readonly topic: string;
  /** Whether the node that publishes a diagnostic reports it, so that the fault is one of its entity; else the bridge does. */
  readonly usePublisherAsSourceId: boolean;
}

/** The node of ros2_medkit that does the same, and the source of its reports. */
const BRIDGE = '/diagnostic_bridge';
const DIAGNOSTICS_TYPE = 'diagnostic_msgs/msg/DiagnosticArray';

/** Makes faults of what nodes publish as diagnostics. */
export class DiagnosticsBridge {
  readonly #context: BridgeContext;
  readonly #settings: DiagnosticsBridgeSettings;
  readonly #filter = new ReportFilter();
  readonly #subscription: Promise<Subscription | undefined>;

  constructor(context: BridgeContext, settings: DiagnosticsBridgeSettings) {
    this.#context = context;
    this.#settings = settings;
    this.#subscription = this.#subscribe();
  }

  async close(): Promise<void> {
    await (await this.#subscription)?.close();
  }

  async #subscribe(): Promise<Subscription | undefined> {
    const { node, log } = this.#context;
    const { topic } = this.#settings;
    try {
      return await node.subscribe({
        topic,
        type: DIAGNOSTICS_TYPE,
        qos: 'match-publishers',
        onSample: (sample) => this.#take(sample),
      });
    } catch (error) {
      log('warn', `No faults are made of diagnostics, ${topic} could not be subscribed to: ${reasonOf(error)}`);
      return undefined;
    }
  }

  #take({ message, gid }: TopicSample): void {
    const { view, clock, report } = this.#context;
    if (message === undefined || view.nodes.has(BRIDGE)) return;
    const reporter = this.#reporterOf(gid);
    for (const status of message.status as readonly RosMessage[]) {
      const found = diagnosticReport(status, this.#settings, reporter);
      if (found === undefined) continue;
      const { event, source, code, severity } = found;
      if (event === 'FAILED' && !this.#filter.passes(`${source} ${code}`, severity, clock.monotonicMs())) continue;
      void report(found);
    }
  }

  #reporterOf(gid: string): string {
    const { topic, usePublisherAsSourceId } = this.#settings;
    if (!usePublisherAsSourceId) return BRIDGE;
    return this.#context.view.topic(topic)?.publishers.find((publisher) => publisher.gid === gid)?.node ?? BRIDGE;
  }
}
