import { reasonOf } from '@medkit/core';
import type { Timer } from '@medkit/edges';
import type { FaultReport } from '@medkit/faults';
import type { QosProfile, Subscription, TopicSample } from '@medkit/ros2';
import type { TopicUse } from '../graph/topic-use.ts';
import {
  type ActionOutcome,
  type ActionRules,
  actionCode,
  actionOfTopic,
  actionOutcome,
  isWatched,
} from './action-outcome.ts';
import type { BridgeContext } from './bridge-context.ts';

/** The node of ros2_medkit that does the same. */
const BRIDGE = '/action_status_bridge';
const STATUS_TYPE = 'action_msgs/msg/GoalStatusArray';
const STATUS_QOS: Partial<QosProfile> = {
  reliability: 'reliable',
  durability: 'transient_local',
  history: 'keep_last',
  depth: 10,
};

/** Actions that are followed, each with a subscription; more are said and left out. */
const MAX_ACTIONS = 512;
/** When a report is tried again that was not taken. */
const RETRY_MS = 500;

interface FollowedAction {
  readonly action: string;
  subscription: Promise<Subscription | undefined>;
  /** Who reports, chosen with the first outcome and kept. */
  source: string | undefined;
  outcome: ActionOutcome;
  /** The fault manager was told that it failed, and not yet that it is well. */
  failed: boolean;
  /** Its outcome is being told. */
  telling: boolean;
  /** Nobody offers it any more. */
  gone: boolean;
}

/** Makes faults of goals that are aborted, and heals them with one that succeeds. Tells changes only, each until it is taken. */
export class ActionBridge {
  readonly #context: BridgeContext;
  readonly #rules: ActionRules;
  /** By topic of the goal statuses. */
  readonly #followed = new Map<string, FollowedAction>();
  #retry: Timer | undefined;
  #full = false;
  #closed = false;

  constructor(context: BridgeContext, rules: ActionRules) {
    this.#context = context;
    this.#rules = rules;
  }

  /** To be called when the use of a topic has changed. */
  topicChanged(topic: string, use: TopicUse | undefined): void {
    const action = actionOfTopic(topic);
    if (action === undefined || !isWatched(action, this.#rules)) return;
    const offered = use?.publishers.some(({ type }) => type === STATUS_TYPE) ?? false;
    const followed = this.#followed.get(topic);
    if (offered && followed === undefined) this.#follow(topic, action);
    else if (offered && followed?.gone) this.#followAgain(topic, followed);
    else if (!offered && followed?.gone === false) this.#leave(topic, followed);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#retry?.cancel();
    await Promise.all([...this.#followed.values()].map(({ subscription }) => closeIfOpen(subscription)));
  }

  #follow(topic: string, action: string): void {
    if (this.#followed.size >= MAX_ACTIONS) {
      if (!this.#full) this.#context.log('warn', `More than ${MAX_ACTIONS} actions: the rest makes no faults`);
      this.#full = true;
      return;
    }
    this.#followed.set(topic, {
      action,
      subscription: this.#subscribe(topic),
      source: undefined,
      outcome: 'unknown',
      failed: false,
      telling: false,
      gone: false,
    });
  }

  /** It is back before the fault manager was told that it had gone. */
  #followAgain(topic: string, followed: FollowedAction): void {
    followed.subscription = this.#subscribe(topic);
    followed.outcome = 'unknown';
    followed.gone = false;
  }

  async #subscribe(topic: string): Promise<Subscription | undefined> {
    const { node, log } = this.#context;
    try {
      return await node.subscribe({
        topic,
        type: STATUS_TYPE,
        qos: STATUS_QOS,
        onSample: (sample) => this.#take(topic, sample),
      });
    } catch (error) {
      log('warn', `No faults are made of ${topic}, it could not be subscribed to: ${reasonOf(error)}`);
      return undefined;
    }
  }

  #leave(topic: string, followed: FollowedAction): void {
    followed.gone = true;
    followed.outcome = 'healthy';
    void closeIfOpen(followed.subscription);
    void this.#tell(topic, followed);
  }

  #take(topic: string, { message, gid }: TopicSample): void {
    const { view } = this.#context;
    const followed = this.#followed.get(topic);
    if (followed === undefined || followed.gone || message === undefined || view.nodes.has(BRIDGE)) return;
    const outcome = actionOutcome(message, this.#rules.canceledIsFault);
    if (outcome === 'unknown') return;
    followed.source ??=
      view.topic(topic)?.publishers.find((publisher) => publisher.gid === gid)?.node ?? followed.action;
    followed.outcome = outcome;
    void this.#tell(topic, followed);
  }

  /** Tells what has changed, until nothing has. */
  async #tell(topic: string, followed: FollowedAction): Promise<void> {
    if (followed.telling) return;
    followed.telling = true;
    while (isNews(followed) && !this.#closed) {
      const failed = followed.outcome !== 'healthy';
      const taken = await Promise.all(this.#reportsOf(followed).map((report) => this.#context.report(report)));
      if (taken.includes(false)) {
        this.#tryAgain();
        break;
      }
      followed.failed = failed;
    }
    followed.telling = false;
    if (followed.gone && !isNews(followed) && this.#followed.get(topic) === followed) this.#followed.delete(topic);
  }

  #reportsOf({ action, outcome, source = action }: FollowedAction): readonly FaultReport[] {
    const { abortedSeverity: severity, canceledIsFault, codePrefix, healOnSucceeded } = this.#rules;
    const aborted = actionCode(action, 'ABORTED', codePrefix);
    const canceled = actionCode(action, 'CANCELED', codePrefix);
    if (outcome !== 'healthy') {
      const code = outcome === 'aborted' ? aborted : canceled;
      return [{ code, event: 'FAILED', severity, description: `Action ${action} ${outcome}`, source }];
    }
    const healed = healOnSucceeded ? [aborted, ...(canceledIsFault ? [canceled] : [])] : [];
    return healed.map((code) => ({ code, event: 'PASSED', severity, description: '', source }));
  }

  #tryAgain(): void {
    if (this.#retry || this.#closed) return;
    this.#retry = this.#context.clock.after(RETRY_MS, () => {
      this.#retry = undefined;
      for (const [topic, followed] of [...this.#followed]) void this.#tell(topic, followed);
    });
  }
}

/** A failure that was not told, or an end of one. */
function isNews({ outcome, failed }: FollowedAction): boolean {
  if (outcome === 'unknown') return false;
  return (outcome !== 'healthy') !== failed;
}

async function closeIfOpen(subscription: Promise<Subscription | undefined>): Promise<void> {
  await (await subscription)?.close();
}
