import { type Log, type LogRecord, reasonOf } from '@medkit/core';
import type { LocalNode, RosMessage, Subscription, TopicSample } from '@medkit/ros2';
import { receivedNsOf } from '../data/received-ns.ts';
import type { TopicUse } from '../graph/topic-use.ts';
import { LOG_TYPE, recordOf } from './log-message.ts';

/** Where ROS nodes publish what they log. */
export const ROSOUT = '/rosout';

/** Digits at the beginning of a GID that all endpoints of a process have. */
const PARTICIPANT_DIGITS = 24;

export interface RosoutOptions {
  readonly node: LocalNode;
  readonly log: Log;
  readonly take: (record: LogRecord, source: string) => void;
  /** Receives every message unchanged, with the GID of its publisher, before `take` does. */
  readonly heard?: (message: RosMessage, gid: string) => void;
}

/**
 * Hears what nodes log, from when the first of them is there: a subscription opened then asks for what they all offer,
 * the last lines from before it came included. Messages are decoded as they come: that and keeping them takes about 3 µs
 * each, less than receiving them does.
 */
export class Rosout {
  readonly #options: RosoutOptions;
  #subscription: Promise<Subscription | undefined> | undefined;
  /** Number of the last message of each publisher. A subscription that is renewed gets the last lines once more. */
  readonly #heard = new Map<string, number>();
  #malformed = 0;

  constructor(options: RosoutOptions) {
    this.#options = options;
  }

  /** Messages that are called `rcl_interfaces/msg/Log` and are something else. */
  get malformed(): number {
    return this.#malformed;
  }

  /** To be called when the use of `/rosout` has changed. */
  topicChanged(use: TopicUse | undefined): void {
    const publishers = new Set(use?.publishers.filter(({ type }) => type === LOG_TYPE).map(({ gid }) => gid));
    for (const gid of this.#heard.keys()) if (!publishers.has(gid)) this.#heard.delete(gid);
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
        // What our own nodes say is kept as they say it.
        ignoreLocal: true,
        onSample: (sample) => this.#take(sample),
      });
    } catch (error) {
      log('warn', `Logs are missing, ${ROSOUT} could not be subscribed to: ${reasonOf(error)}`);
      // With the next node that logs it is tried again.
      this.#subscription = undefined;
      return undefined;
    }
  }

  #take(sample: TopicSample): void {
    const { gid, sequenceNumber, message } = sample;
    if (sequenceNumber <= (this.#heard.get(gid) ?? 0)) return;
    this.#heard.set(gid, sequenceNumber);
    const record = message && recordOf(message);
    if (!record) {
      this.#malformed++;
      return;
    }
    this.#options.heard?.(message, gid);
    this.#options.take({ ...record, receivedNs: receivedNsOf(sample) }, gid.slice(0, PARTICIPANT_DIGITS));
  }
}
