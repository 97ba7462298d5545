import { errorMessage, type Log, type LogRecord } from '@medkit/core';
import type { LocalNode, RosMessage, Subscription, TopicSample } from '@medkit/ros2';
import { receivedNsOf } from '../data/received-ns.ts';
import type { TopicUse } from '../graph/topic-use.ts';
import { LOG_TYPE, recordOf } from './log-message.ts';

/** Topic on which ROS nodes publish their logs. */
export const ROSOUT = '/rosout';

/** Leading digits of a GID that all endpoints of a process share. */
const PARTICIPANT_DIGITS = 24;

export interface RosoutOptions {
  readonly node: LocalNode;
  readonly log: Log;
  readonly take: (record: LogRecord, source: string) => void;
  /** Called with every unmodified message and the GID of its publisher, before `take`. */
  readonly onMessage?: (message: RosMessage, gid: string) => void;
}

/**
 * Receives the logs of nodes. Subscribes when the first publisher appears: the subscription then requests what all of
 * them offer, including stored lines. Decodes messages on arrival; decoding and storing takes about 3 µs each, less
 * than receiving.
 */
export class Rosout {
  readonly #options: RosoutOptions;
  #subscription: Promise<Subscription | undefined> | undefined;
  /** Sequence number of each publisher's last message. A renewed subscription receives the last lines again. */
  readonly #lastNumbers = new Map<string, number>();
  #malformed = 0;

  constructor(options: RosoutOptions) {
    this.#options = options;
  }

  /** Messages that are announced as `rcl_interfaces/msg/Log` but have another format. */
  get malformed(): number {
    return this.#malformed;
  }

  /** Called when the endpoints of `/rosout` have changed. */
  topicChanged(use: TopicUse | undefined): void {
    const publishers = new Set(use?.publishers.filter(({ type }) => type === LOG_TYPE).map(({ gid }) => gid));
    for (const gid of this.#lastNumbers.keys()) if (!publishers.has(gid)) this.#lastNumbers.delete(gid);
    if (publishers.size > 0) this.#subscription ??= this.#open();
  }

  async close(): Promise<void> {
    await (await this.#subscription)?.close();
  }

  async #open(): Promise<Subscription | undefined> {
    const { node, log } = this.#options;
    try {
      return await node.subscribe({
        topic: ROSOUT,
        type: LOG_TYPE,
        qos: 'match-publishers',
        // Logs of medkit's nodes are stored when they are written.
        ignoreLocal: true,
        onSample: (sample) => this.#take(sample),
      });
    } catch (error) {
      log('warn', `Logs are missing, because the subscription to ${ROSOUT} failed: ${errorMessage(error)}`);
      // Retried when the next node that logs appears.
      this.#subscription = undefined;
      return undefined;
    }
  }

  #take(sample: TopicSample): void {
    const { gid, sequenceNumber, message } = sample;
    if (sequenceNumber <= (this.#lastNumbers.get(gid) ?? 0)) return;
    this.#lastNumbers.set(gid, sequenceNumber);
    const record = message && recordOf(message);
    if (!record) {
      this.#malformed++;
      return;
    }
    this.#options.onMessage?.(message, gid);
    this.#options.take({ ...record, receivedNs: receivedNsOf(sample) }, gid.slice(0, PARTICIPANT_DIGITS));
  }
}
