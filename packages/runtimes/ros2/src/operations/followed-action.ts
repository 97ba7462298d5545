import { type Log, reasonOf } from '@medkit/core';
import { within } from '@medkit/edges';
import { type ActionClient, AlreadyClosed, ServerLost } from '@medkit/ros2';
import type { ClientPool } from '../calls/client-pool.ts';
import { executionIdOf, goalIdOf } from './goal-id.ts';
import { type Goal, GoalLog, type GoalLogOptions, isUnderWay } from './goal-log.ts';

/** How long a goal may take to its end: more than the longest errand of a robot, and a bound for what waits for it. */
const RESULT_TIMEOUT_MS = 86_400_000;

/** A client of an action together with the subscriptions that keep the log of its goals. */
export interface OpenAction {
  readonly client: ActionClient;
  /** Resolves when the server has told of its goals. */
  readonly told: Promise<void>;
  close(): Promise<void>;
}

export interface FollowedActionOptions extends GoalLogOptions {
  /** Key of the action among the clients. */
  readonly key: string;
  readonly openClient: () => Promise<ActionClient>;
  /** Where it is kept: they call `open` for this key. */
  readonly clients: Pick<ClientPool<OpenAction>, 'use'>;
  readonly log: Log;
}

/** The goals of one action, followed to their ends while its client is open. It stays open while one is under way. */
export class FollowedAction {
  readonly goals: GoalLog;
  readonly #options: FollowedActionOptions;
  /** Waits for results, by goal. */
  readonly #results = new Map<string, Promise<void>>();
  #held = false;

  constructor(options: FollowedActionOptions) {
    this.#options = options;
    this.goals = new GoalLog(options);
  }

  /** True while its client is kept open because of a goal. */
  get held(): boolean {
    return this.#held;
  }

  async open(): Promise<OpenAction> {
    const client = await this.#options.openClient();
    const told = Promise.withResolvers<void>();
    client.onStatus((states) => {
      this.goals.take(states);
      told.resolve();
      this.#hold();
    });
    client.onFeedback((goalId, feedback) => {
      const id = executionIdOf(goalId);
      if (id === undefined) return;
      // It may overtake the list of goals: whoever gives feedback is at work.
      const { status = 'unknown' } = this.goals.get(id) ?? {};
      const early = status === 'unknown' || status === 'accepted';
      this.goals.note(id, { feedback, ...(early && { status: 'executing' }) });
    });
    return { client, told: told.promise, close: () => client.close() };
  }

  /** Does `work` with the client. */
  use<T>(work: (client: ActionClient) => Promise<T>): Promise<T> {
    return this.#options.clients.use(this.#options.key, ({ client }) => work(client));
  }

  /** Waits until the server has told of its goals, as it does to whoever comes; one that never had any tells nothing. */
  listen(timeoutMs: number): Promise<void> {
    return this.#options.clients.use(this.#options.key, ({ told }) => this.#within(timeoutMs, told));
  }

  /** The server has accepted a goal of ours. */
  begun(client: ActionClient, id: string, acceptedNs: bigint): Goal {
    const status = this.goals.get(id)?.status ?? 'unknown';
    const goal = this.goals.note(id, { acceptedNs, ...(status === 'unknown' && { status: 'accepted' }) });
    this.#hold();
    // Asked for from the start: some servers forget a result as soon as they have told those who waited.
    void this.#ask(client, id, RESULT_TIMEOUT_MS);
    return goal;
  }

  /** Waits for the result of a goal that has ended, and asks for it first where nobody has. */
  async result(id: string, timeoutMs: number): Promise<void> {
    const goal = this.goals.get(id);
    if (!goal || goal.lost || goal.result || isUnderWay(goal)) return;
    const pending = this.#results.get(id);
    if (!pending && goal.asked) return;
    await this.#within(timeoutMs, pending ?? this.use((client) => this.#ask(client, id, timeoutMs)));
  }

  /** Notes the result when it comes. Never rejects: without it, what the server lists is all that is known. */
  #ask(client: ActionClient, id: string, timeoutMs: number): Promise<void> {
    this.goals.note(id, { asked: true });
    const waiting = client
      .result(goalIdOf(id), { timeoutMs })
      .then(
        ({ status, result }) => {
          if (status !== 'unknown' && this.goals.get(id)) this.goals.note(id, { status, result, lost: false });
        },
        (error: unknown) => this.#noResult(id, error),
      )
      .finally(() => this.#results.delete(id));
    this.#results.set(id, waiting);
    return waiting;
  }

  #noResult(id: string, error: unknown): void {
    const goal = this.goals.get(id);
    // If it is heard of again, whoever sees its end may ask again.
    if (goal && isUnderWay(goal)) this.goals.note(id, { lost: error instanceof ServerLost, asked: false });
    if (error instanceof AlreadyClosed) return;
    const { key, log } = this.#options;
    log('warn', `No result of goal ${id} of ${key}: ${reasonOf(error)}`);
  }

  /** Keeps the client open while goals are under way: only so it is heard how they end. */
  #hold(): void {
    if (this.#held || this.goals.underWay === 0) return;
    this.#held = true;
    const { key, log } = this.#options;
    this.use(() => this.goals.untilQuiet()).then(
      () => {
        this.#held = false;
        this.#hold();
      },
      (error: unknown) => {
        this.#held = false;
        log('warn', `The goals of ${key} are not followed any more: ${reasonOf(error)}`);
      },
    );
  }

  /** Waits for `promise`, at most so long. */
  #within(timeoutMs: number, promise: Promise<void>): Promise<void> {
    return within(this.#options.clock, timeoutMs, promise, () => undefined);
  }
}
