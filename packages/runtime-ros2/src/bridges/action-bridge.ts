import { reasonOf } from '@medkit/core';
import type { Timer } from '@medkit/edges';
import type { FaultReport } from '@medkit/faults';
import type { QosProfile, RosMessage, Subscription, TopicSample } from '@medkit/ros2';
import type { TopicUse } from '../graph/topic-use.ts';
import {
  type ActionOutcome,
  type ActionRules,
  actionCode,
  actionOfTopic,
  actionOutcome,
  goalBehind,
  isWatched,
} from './action-outcome.ts';
import { type ActionResult, ActionResults } from './action-results.ts';
import type { BridgeContext } from './bridge-context.ts';
import { resultText } from './result-text.ts';

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
  /** Who reports, chosen with the first report and kept. */
  source: string | undefined;
  outcome: ActionOutcome;
  /** What was heard with that outcome: the goals, and who told of them. */
  heard: { readonly goals: RosMessage; readonly gid: string } | undefined;
  /** What the server says of the goal that failed, kept until it is told. */
  result: { readonly goalId: string; readonly told: Promise<ActionResult | undefined> } | undefined;
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
  readonly #results: ActionResults;
  /** By topic of the goal statuses. */
  readonly #followed = new Map<string, FollowedAction>();
  #retry: Timer | undefined;
  #full = false;
  #closed = false;

  constructor(context: BridgeContext, rules: ActionRules) {
    this.#context = context;
    this.#rules = rules;
    this.#results = new ActionResults(context);
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
    const subscriptions = [...this.#followed.values()].map(({ subscription }) => closeIfOpen(subscription));
    await Promise.all([this.#results.close(), ...subscriptions]);
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
      heard: undefined,
      result: undefined,
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
    followed.outcome = outcome;
    followed.heard = { goals: message, gid };
    void this.#tell(topic, followed);
  }

  /** Tells what has changed, until nothing has. */
  async #tell(topic: string, followed: FollowedAction): Promise<void> {
    if (followed.telling) return;
    followed.telling = true;
    while (isNews(followed) && !this.#closed) {
      const { outcome } = followed;
      const reports = outcome === 'healthy' ? this.#healed(followed) : [await this.#failed(topic, followed)];
      if (this.#closed) break;
      const taken = await Promise.all(reports.map((report) => this.#context.report(report)));
      if (taken.includes(false)) {
        this.#tryAgain();
        break;
      }
      followed.failed = outcome !== 'healthy';
      followed.result = undefined;
    }
    followed.telling = false;
    if (followed.gone && !isNews(followed) && this.#followed.get(topic) === followed) this.#followed.delete(topic);
  }

  async #failed(topic: string, followed: FollowedAction): Promise<FaultReport> {
    const { action, outcome, heard } = followed;
    const { abortedSeverity: severity, codePrefix } = this.#rules;
    const code = actionCode(action, outcome === 'aborted' ? 'ABORTED' : 'CANCELED', codePrefix);
    const result = await this.#resultOf(followed);
    // Not before: of a publisher that has only just been discovered, the node may not be known yet.
    followed.source ??= this.#nodeOf(topic, heard?.gid) ?? action;
    const reason = result && resultText(result.data);
    const description = `Action ${action} ${outcome}${reason ? `: ${reason}` : ''}`;
    const evidence = result && [{ topic: action, type: result.type, samples: [result.sample] }];
    return { code, event: 'FAILED', severity, description, source: followed.source, ...(evidence && { evidence }) };
  }

  #resultOf(followed: FollowedAction): Promise<ActionResult | undefined> | undefined {
    const { action, outcome, heard } = followed;
    const goalId = heard && goalBehind(heard.goals, outcome);
    if (goalId === undefined) return undefined;
    if (followed.result?.goalId !== goalId) followed.result = { goalId, told: this.#results.of(action, goalId) };
    return followed.result.told;
  }

  #nodeOf(topic: string, gid: string | undefined): string | undefined {
    return this.#context.view.topic(topic)?.publishers.find((publisher) => publisher.gid === gid)?.node;
  }

  #healed({ action, source = action }: FollowedAction): readonly FaultReport[] {
    const { abortedSeverity: severity, canceledIsFault, codePrefix, healOnSucceeded } = this.#rules;
    if (!healOnSucceeded) return [];
    const ends = canceledIsFault ? (['ABORTED', 'CANCELED'] as const) : (['ABORTED'] as const);
    return ends.map((end) => {
      return { code: actionCode(action, end, codePrefix), event: 'PASSED', severity, description: '', source };
    });
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
