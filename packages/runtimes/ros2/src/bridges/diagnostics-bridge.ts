import { errorMessage, type Warning } from '@medkit/core';
import { OwnedMap, type QuotaFigures, type Timer } from '@medkit/edges';
import type { RosMessage, Subscription, TopicSample } from '@medkit/ros2';
import { ReportFilter } from '../reporter/report-filter.ts';
import type { BridgeContext } from './bridge-context.ts';
import { type DiagnosticRules, readDiagnostics } from './diagnostic-report.ts';

export interface DiagnosticsBridgeSettings extends DiagnosticRules {
  readonly topic: string;
  /**
   * Whether the publishing node is the source, so that the fault belongs to its entity; otherwise the bridge is the
   * source.
   */
  readonly usePublisherAsSourceId: boolean;
}

const DIAGNOSTICS_TYPE = 'diagnostic_msgs/msg/DiagnosticArray';

/** How long a message waits for the node of its publisher, which discovery announces separately and a moment later. */
const NODE_WAIT_MS = 1000;
/** Names of statuses that a warning lists. */
const MAX_LISTED_NAMES = 5;
/**
 * Maximum messages that wait for the node of their publisher. Beyond it, the oldest message of the publisher with the
 * most is reported without the node.
 */
const MAX_WAITING = 64;

interface WaitingMessage {
  readonly gid: string;
  readonly message: RosMessage;
  readonly sinceMs: number;
}

/** Reports faults for the diagnostics that nodes publish. */
export class DiagnosticsBridge {
  readonly #context: BridgeContext;
  readonly #settings: DiagnosticsBridgeSettings;
  readonly #filter = new ReportFilter();
  readonly #subscription: Promise<Subscription | undefined>;
  /** In order of arrival. */
  readonly #waiting = new OwnedMap<number, WaitingMessage>(MAX_WAITING, ({ gid }) => gid);
  #lastNumber = 0;
  #timer: Timer | undefined;
  /** Publishers in the graph whose node did not become known in time; plain DDS programs have none. */
  readonly #nameless = new Set<string>();
  /** Statuses that were not reported because they have no code. */
  readonly #withoutCode = new NamedCount();
  /** Statuses whose level the type does not define. */
  readonly #unknownLevels = new NamedCount();
  #unreadable = 0;

  constructor(context: BridgeContext, settings: DiagnosticsBridgeSettings) {
    this.#context = context;
    this.#settings = settings;
    this.#subscription = this.#subscribe();
  }

  /** Called when the publishers of the topic have changed: the node of a publisher may be known now. */
  topicChanged(topic: string): void {
    if (topic !== this.#settings.topic) return;
    const gids = new Set(this.#context.view.topic(topic)?.publishers.map(({ gid }) => gid));
    for (const gid of this.#nameless) if (!gids.has(gid)) this.#nameless.delete(gid);
    if (this.#waiting.size > 0) this.#look();
  }

  /** Counts of the waiting messages, by publisher. */
  figures(): QuotaFigures {
    return this.#waiting.figures();
  }

  /** Warnings about statuses that were not reported although they may be faults. */
  warnings(): readonly Warning[] {
    const { topic } = this.#settings;
    const warnings: Warning[] = [];
    if (this.#withoutCode.total > 0) {
      const message =
        `${this.#withoutCode.total} statuses on ${topic} that are not OK caused no fault, because they have no code (${this.#withoutCode.names}). ` +
        'Set diagnostic_bridge.auto_generate_codes, or name their codes in diagnostic_bridge.name_to_code.';
      warnings.push({ code: 'diagnostics_without_code', message });
    }
    if (this.#unknownLevels.total > 0) {
      const message =
        `${this.#unknownLevels.total} statuses on ${topic} have a level that ${DIAGNOSTICS_TYPE} does not define, and are treated as ERROR ` +
        `(${this.#unknownLevels.names}). Let their nodes publish 0 (OK), 1 (WARN), 2 (ERROR) or 3 (STALE).`;
      warnings.push({ code: 'diagnostics_unknown_level', message });
    }
    if (this.#unreadable > 0) {
      const message = `${this.#unreadable} messages on ${topic} caused no fault, because they are not valid ${DIAGNOSTICS_TYPE} messages.`;
      warnings.push({ code: 'diagnostics_unreadable', message });
    }
    return warnings;
  }

  async close(): Promise<void> {
    this.#timer?.cancel();
    this.#waiting.clear();
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
      log(
        'warn',
        `No faults are reported for diagnostics, because the subscription to ${topic} failed: ${errorMessage(error)}`,
      );
      return undefined;
    }
  }

  #take({ message, gid }: TopicSample): void {
    if (this.#context.other('diagnostics') !== undefined) return;
    if (message === undefined) {
      this.#unreadable++;
      return;
    }
    if (this.#nodeOf(gid) !== undefined || this.#nameless.has(gid)) {
      this.#report(message, gid);
      return;
    }
    const waiting = { gid, message, sinceMs: this.#context.clock.monotonicMs() };
    const removed = this.#waiting.keep(++this.#lastNumber, waiting);
    if (removed) this.#reportNameless(removed[1]);
    this.#look();
  }

  /** Reports the messages that need not wait any longer. */
  #look(): void {
    const { clock } = this.#context;
    const overdueMs = clock.monotonicMs() - NODE_WAIT_MS;
    const due = [...this.#waiting].filter(
      ([, { gid, sinceMs }]) => sinceMs <= overdueMs || this.#nodeOf(gid) !== undefined,
    );
    for (const [number] of due) this.#waiting.delete(number);
    for (const [, waiting] of due) this.#reportNameless(waiting);
    this.#timer?.cancel();
    const [first] = this.#waiting.values();
    this.#timer = first && clock.after(first.sinceMs - overdueMs, () => this.#look());
  }

  /** Reports a message that waited for the name of its publisher. */
  #reportNameless({ gid, message }: WaitingMessage): void {
    if (this.#nodeOf(gid) === undefined) this.#nameless.add(gid);
    this.#report(message, gid);
  }

  #report(message: RosMessage, gid: string): void {
    const { clock, report } = this.#context;
    const statuses = message.status as readonly RosMessage[];
    const publisher = this.#nodeOf(gid);
    const { reports, withoutCode, unknownLevels } = this.#read(statuses, publisher);
    this.#withoutCode.add(withoutCode);
    this.#unknownLevels.add(unknownLevels);
    for (const found of reports) {
      const { event, code, severity, condition } = found;
      if (event === 'FAILED' && !this.#filter.passes(`${condition.key} ${code}`, severity, clock.monotonicMs()))
        continue;
      void report(found);
    }
    // Also heals the faults that were reported before the node was known.
    if (publisher === undefined || !this.#nameless.has(gid)) return;
    const earlier = this.#read(statuses, undefined).reports;
    for (const found of earlier) if (found.event === 'PASSED') void report(found);
  }

  #read(statuses: readonly RosMessage[], publisher: string | undefined) {
    const { sourceId, usePublisherAsSourceId } = this.#settings;
    const source = (usePublisherAsSourceId ? publisher : undefined) ?? sourceId;
    const isNode = (fqn: string) => this.#context.view.nodes.has(fqn);
    return readDiagnostics(statuses, this.#settings, { publisher, source, isNode });
  }

  /** Returns the publishing node, if it is known. */
  #nodeOf(gid: string): string | undefined {
    return this.#context.view.topic(this.#settings.topic)?.publishers.find((publisher) => publisher.gid === gid)?.node;
  }
}

/** Counts statuses and stores the first names. */
class NamedCount {
  readonly #names = new Set<string>();
  total = 0;

  add(names: readonly string[]): void {
    this.total += names.length;
    for (const name of names) if (this.#names.size < MAX_LISTED_NAMES) this.#names.add(name.slice(0, 128));
  }

  get names(): string {
    return [...this.#names].map((name) => JSON.stringify(name)).join(', ');
  }
}
