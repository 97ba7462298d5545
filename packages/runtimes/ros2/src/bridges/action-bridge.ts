import { errorMessage } from '@medkit/core';
import { OwnedMap, type QuotaFigures, type Timer, within } from '@medkit/edges';
import type { FaultReport } from '@medkit/faults';
import type { QosProfile, Subscription, TopicSample } from '@medkit/ros2';
import type { TopicUse } from '../graph/topic-use.ts';
import {
  type ActionRules,
  actionFault,
  actionOfTopic,
  decisiveGoal,
  type EndedGoal,
  endedGoals,
  isWatched,
  namesFailure,
} from './action-outcome.ts';
import { type ActionResult, ActionResults } from './action-results.ts';
import type { BridgeContext } from './bridge-context.ts';
import { resultText } from './result-text.ts';

const STATUS_TYPE = 'action_msgs/msg/GoalStatusArray';
const STATUS_QOS: Partial<QosProfile> = {
  reliability: 'reliable',
  durability: 'transient_local',
  history: 'keep_last',
  depth: 10,
};

/** Maximum actions that the bridge follows, each with a subscription. Further actions are logged and ignored. */
const MAX_ACTIONS = 512;
/**
 * How long the report of a failed goal waits for the goal's result. After that it is sent without, and amended later.
 */
const RESULT_WAIT_MS = 500;
/** Delay before a report that was not accepted is sent again. */
const RETRY_MS = 500;

/** An action whose goals the bridge follows, with the state of its pending report. */
interface FollowedAction {
  readonly action: string;
  /** A node that offered the action when it was first seen. */
  readonly node: string | undefined;
  subscription: Promise<Subscription | undefined>;
  /** Source of the reports; set with the first report, then fixed. */
  source: string | undefined;
  /** The goals of the last messages that ended, oldest end first. */
  ended: readonly EndedGoal[];
  /** Ids of ended goals that a newer goal replaced; their end is not a failure. */
  readonly replaced: Set<string>;
  /** The last outcome that was reported; `undefined` if no bridge of this run has reported one. */
  reported: 'failed' | 'well' | undefined;
  /** The ended goals that the last report covers. */
  reportedGoals: ReadonlySet<EndedGoal>;
  /** No node offers the action any more. */
  gone: boolean;
  /** The result of the deciding goal, stored until the report is accepted. */
  result: PendingResult | undefined;
  /** A result that had not arrived when the failure was reported. */
  late: PendingResult | undefined;
  /** A report of its outcome is in progress. */
  isReporting: boolean;
}

interface PendingResult {
  readonly goalId: string;
  readonly arrival: Promise<ActionResult | undefined>;
}

/**
 * Reports faults for aborted goals and heals them when a goal succeeds. Reports each goal once, until the report is
 * accepted. After a start, reports the first outcome it receives, whatever it is: a fault reported by an earlier run
 * may still be active.
 */
export class ActionBridge {
  readonly #context: BridgeContext;
  readonly #rules: ActionRules;
  readonly #results: ActionResults;
  /** By status topic, counted by the nodes that offer the actions. */
  readonly #followed = new OwnedMap<string, FollowedAction>(MAX_ACTIONS, ({ node }) => node);
  #retry: Timer | undefined;
  #full = false;
  #closed = false;

  constructor(context: BridgeContext, rules: ActionRules) {
    this.#context = context;
    this.#rules = rules;
    this.#results = new ActionResults(context);
  }

  /** Called when the publishers or subscribers of a topic have changed. */
  topicChanged(topic: string, use: TopicUse | undefined): void {
    const action = actionOfTopic(topic);
    if (action === undefined || !isWatched(action, this.#rules)) return;
    const offered = use?.publishers.some(({ type }) => type === STATUS_TYPE) ?? false;
    const followed = this.#followed.get(topic);
    if (offered && followed === undefined) {
      this.#follow(topic, action, use?.publishers.find(({ type }) => type === STATUS_TYPE)?.node);
    } else if (offered && followed?.gone) this.#followAgain(topic, followed);
    else if (!offered && followed?.gone === false) this.#leave(topic, followed);
  }

  /** Counts of the followed actions, by node. */
  figures(): QuotaFigures {
    return this.#followed.quota.figures();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#retry?.cancel();
    const subscriptions = [...this.#followed.values()].map(({ subscription }) => closeIfOpen(subscription));
    await Promise.all([this.#results.close(), ...subscriptions]);
  }

  #follow(topic: string, action: string, node: string | undefined): void {
    if (!this.#followed.quota.admits(node)) {
      this.#followed.quota.refuse();
      if (!this.#full)
        this.#context.log(
          'warn',
          `Too many actions: no faults are reported for ${action} and others. At most ${MAX_ACTIONS} actions are followed, for one node at most half of the free entries`,
        );
      this.#full = true;
      return;
    }
    this.#followed.set(topic, {
      action,
      node,
      subscription: this.#subscribe(topic),
      source: undefined,
      ended: [],
      replaced: new Set(),
      result: undefined,
      late: undefined,
      reported: undefined,
      reportedGoals: new Set(),
      isReporting: false,
      gone: false,
    });
  }

  /** The action returned before its removal was reported to the fault manager. */
  #followAgain(topic: string, followed: FollowedAction): void {
    followed.subscription = this.#subscribe(topic);
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
      log('warn', `No faults are reported for ${topic}, because the subscription failed: ${errorMessage(error)}`);
      return undefined;
    }
  }

  #leave(topic: string, followed: FollowedAction): void {
    followed.gone = true;
    void closeIfOpen(followed.subscription);
    void this.#reportOutcomes(topic, followed);
  }

  #take(topic: string, { message, gid }: TopicSample): void {
    const followed = this.#followed.get(topic);
    if (followed === undefined || followed.gone || message === undefined) return;
    followed.ended = endedGoals(followed.ended, message, gid);
    const ids = new Set(followed.ended.map(({ goalId }) => goalId));
    for (const id of followed.replaced) if (!ids.has(id)) followed.replaced.delete(id);
    void this.#reportOutcomes(topic, followed);
  }

  /** Returns the goal that decides the current state of the action. */
  #decisive({ ended, replaced, gone }: FollowedAction): EndedGoal | undefined {
    return gone ? undefined : decisiveGoal(ended, replaced, this.#rules.canceledIsFault);
  }

  /**
   * Returns whether there is an outcome to report: a goal that ended since the last report or, if the action has
   * disappeared, a failure to heal.
   */
  #isNews(followed: FollowedAction): boolean {
    if (followed.gone) return followed.reported === 'failed';
    const goal = this.#decisive(followed);
    return goal !== undefined && !followed.reportedGoals.has(goal);
  }

  /** Reports outcomes until nothing is left to report. */
  async #reportOutcomes(topic: string, followed: FollowedAction): Promise<void> {
    if (followed.isReporting) return;
    followed.isReporting = true;
    while (this.#isNews(followed) && !this.#closed) {
      const { ended } = followed;
      const goal = this.#decisive(followed);
      const isFailure = goal !== undefined && goal.status !== 'succeeded';
      if (goal?.hasNewer && isFailure && (await this.#isReplaced(topic, followed, goal))) continue;
      const reports = await this.#reportsOf(topic, followed, isFailure ? goal : undefined);
      if (this.#closed) break;
      const taken = await Promise.all(reports.map((report) => this.#context.report(report)));
      if (taken.includes(false)) {
        this.#tryAgain();
        break;
      }
      this.#amendLater(followed, reports);
      followed.reported = isFailure ? 'failed' : 'well';
      followed.reportedGoals = new Set(ended.filter(({ goalId }) => !followed.replaced.has(goalId)));
      followed.result = undefined;
    }
    followed.isReporting = false;
    if (followed.gone && !this.#isNews(followed) && this.#followed.get(topic) === followed)
      this.#followed.delete(topic);
  }

  /**
   * Marks an aborted goal as replaced by a newer goal unless its result names a failure: a server that works on several
   * goals may fail with an older one. A result that names a failure later makes the goal count again.
   */
  async #isReplaced(topic: string, followed: FollowedAction, { goalId }: EndedGoal): Promise<boolean> {
    const pending = this.#resultOf(followed, goalId);
    const result = await within(this.#context.clock, RESULT_WAIT_MS, pending.arrival, () => undefined);
    if (result !== undefined && namesFailure(result.data)) return false;
    followed.replaced.add(goalId);
    void pending.arrival.then((late) => {
      if (late === undefined || !namesFailure(late.data) || !followed.replaced.delete(goalId)) return undefined;
      followed.result = pending;
      return this.#reportOutcomes(topic, followed);
    });
    return true;
  }

  /**
   * Returns nothing if another bridge reports actions. The outcome then counts as reported, so that it is not repeated
   * when the other bridge exits.
   */
  async #reportsOf(
    topic: string,
    followed: FollowedAction,
    failed: EndedGoal | undefined,
  ): Promise<readonly FaultReport[]> {
    if (this.#context.other('actions') !== undefined) return [];
    if (failed === undefined) return this.#healed(topic, followed);
    return (await this.#wasReported(followed, failed)) ? [] : [await this.#failed(topic, followed, failed)];
  }

  /**
   * Servers list goals that ended long ago. Returns whether the bridge of an earlier run reported this goal: it was
   * accepted before the last report.
   */
  async #wasReported(
    { reported, action, source }: FollowedAction,
    { acceptedNs, status }: EndedGoal,
  ): Promise<boolean> {
    if (reported !== undefined) return false;
    const { code, condition } = this.#failure(action, status);
    const standing = await this.#context.standing(code, { source: source ?? action, condition });
    return standing !== undefined && acceptedNs <= standing.lastOccurredNs;
  }

  async #failed(topic: string, followed: FollowedAction, goal: EndedGoal): Promise<FaultReport> {
    const { action } = followed;
    const { arrival } = this.#resultOf(followed, goal.goalId);
    const result = await within(this.#context.clock, RESULT_WAIT_MS, arrival, () => undefined);
    // Resolved only now: the node of a newly discovered publisher may not be known earlier.
    followed.source ??= this.#sourceOf(topic, followed);
    const { abortedSeverity: severity } = this.#rules;
    const description = `Action ${action} ${goal.status}`;
    const fault = this.#failure(action, goal.status);
    const { source } = followed;
    const report: FaultReport = { ...fault, event: 'FAILED', severity, description, source };
    return result ? explained(report, action, result) : report;
  }

  /**
   * A busy server may send the reason of a failure late. The report is amended if that happens before another goal
   * ends.
   */
  #amendLater(followed: FollowedAction, reports: readonly FaultReport[]): void {
    const { result } = followed;
    const [report] = reports;
    if (report?.event === 'FAILED') followed.late = undefined;
    if (result === undefined || report?.event !== 'FAILED' || report.evidence) return;
    followed.late = result;
    void result.arrival.then((received) => {
      if (followed.late !== result || this.#closed) return undefined;
      followed.late = undefined;
      return received && this.#context.amend(explained(report, followed.action, received));
    });
  }

  #failure(action: string, status: EndedGoal['status']) {
    return actionFault(action, status === 'aborted' ? 'ABORTED' : 'CANCELED', this.#rules.codePrefix);
  }

  #resultOf(followed: FollowedAction, goalId: string): PendingResult {
    if (followed.result?.goalId !== goalId)
      followed.result = { goalId, arrival: this.#results.of(followed.action, goalId) };
    return followed.result;
  }

  /** Returns the node that offers the action, or the action itself if the node is not known. */
  #sourceOf(topic: string, { action, ended }: FollowedAction): string {
    const gid = ended.at(-1)?.server;
    const { publishers = [] } = this.#context.view.topic(topic) ?? {};
    return this.#rules.sourceId || (publishers.find((publisher) => publisher.gid === gid)?.node ?? action);
  }

  async #healed(topic: string, followed: FollowedAction): Promise<readonly FaultReport[]> {
    const { abortedSeverity: severity, canceledIsFault, codePrefix, healOnSucceeded } = this.#rules;
    if (!healOnSucceeded) return [];
    const source = followed.source ?? this.#sourceOf(topic, followed);
    const ends = canceledIsFault ? (['ABORTED', 'CANCELED'] as const) : (['ABORTED'] as const);
    const reports: FaultReport[] = [];
    for (const end of ends) {
      const fault = actionFault(followed.action, end, codePrefix);
      const standing = await this.#context.standing(fault.code, { source, condition: fault.condition });
      if (standing?.stands === false) continue;
      reports.push({ ...fault, event: 'PASSED', severity, description: '', source });
    }
    return reports;
  }

  #tryAgain(): void {
    if (this.#retry || this.#closed) return;
    this.#retry = this.#context.clock.after(RETRY_MS, () => {
      this.#retry = undefined;
      for (const [topic, followed] of [...this.#followed]) void this.#reportOutcomes(topic, followed);
    });
  }
}

/** Returns the report of a failed goal with the reason that its server gives. */
function explained(report: FaultReport, action: string, { type, data, sample }: ActionResult): FaultReport {
  const reason = resultText(data);
  const description = reason === '' ? report.description : `${report.description}: ${reason}`;
  return { ...report, description, evidence: [{ topic: action, type, samples: [sample] }] };
}

async function closeIfOpen(subscription: Promise<Subscription | undefined>): Promise<void> {
  await (await subscription)?.close();
}
