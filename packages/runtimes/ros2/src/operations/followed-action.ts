import { errorMessage, type Log } from '@medkit/core';
import { within } from '@medkit/edges';
import { type ActionClient, AlreadyClosed, ServerLost } from '@medkit/ros2';
import type { ClientPool } from '../calls/client-pool.ts';
import { executionIdOf, goalIdOf } from './goal-id.ts';
import { type Goal, GoalLog, type GoalLogOptions, isUnderWay } from './goal-log.ts';

/** Maximum duration of a goal: longer than the longest task of a robot; bounds what waits for it. */
const RESULT_TIMEOUT_MS = 86_400_000;

/** A client of an action, with the subscriptions that update the log of its goals. */
export interface OpenAction {
  readonly client: ActionClient;
  /** Resolves when the server has sent the list of its goals. */
  readonly listed: Promise<void>;
  close(): Promise<void>;
}

export interface FollowedActionOptions extends GoalLogOptions {
  /** Key of the action among the clients. */
  readonly key: string;
  readonly openClient: () => Promise<ActionClient>;
  /** The pool that owns the clients; it calls `open` for this key. */
  readonly clients: Pick<ClientPool<OpenAction>, 'use'>;
  readonly log: Log;
}

/**
 * The goals of an action, tracked to their ends while its client is open. The client stays open while a goal is
 * running.
 */
export class FollowedAction {
  readonly goals: GoalLog;
  readonly #options: FollowedActionOptions;
  /** Pending requests for results, by goal. */
  readonly #results = new Map<string, Promise<void>>();
  #held = false;

  constructor(options: FollowedActionOptions) {
    this.#options = options;
    this.goals = new GoalLog(options);
  }

  /** Whether its client is kept open because of a goal. */
  get held(): boolean {
    return this.#held;
  }

  async open(): Promise<OpenAction> {
    const client = await this.#options.openClient();
    const listed = Promise.withResolvers<void>();
    client.onStatus((states) => {
      this.goals.take(states);
      listed.resolve();
      this.#hold();
    });
    client.onFeedback((goalId, feedback) => {
      const id = executionIdOf(goalId);
      if (id === undefined) return;
      // Feedback may arrive before the list of goals; it means that the goal is executing.
      const { status = 'unknown' } = this.goals.get(id) ?? {};
      const early = status === 'unknown' || status === 'accepted';
      this.goals.note(id, { feedback, ...(early && { status: 'executing' }) });
    });
    return { client, listed: listed.promise, close: () => client.close() };
  }

  /** Runs `work` with the client. */
  use<T>(work: (client: ActionClient) => Promise<T>): Promise<T> {
    return this.#options.clients.use(this.#options.key, ({ client }) => work(client));
  }

  /**
   * Waits until the server has sent its goals, which it does for new subscribers; a server that never had a goal sends
   * nothing.
   */
  listen(timeoutMs: number): Promise<void> {
    return this.#options.clients.use(this.#options.key, ({ listed }) => this.#within(timeoutMs, listed));
  }

  /** Records that the server accepted a goal from this gateway. */
  begun(client: ActionClient, id: string, acceptedNs: bigint): Goal {
    const status = this.goals.get(id)?.status ?? 'unknown';
    const goal = this.goals.note(id, { acceptedNs, ...(status === 'unknown' && { status: 'accepted' }) });
    this.#hold();
    // Requests the result from the start: some servers discard a result once the waiting clients have received it.
    void this.#ask(client, id, RESULT_TIMEOUT_MS);
    return goal;
  }

  /** Waits for the result of an ended goal, and requests it first if that was not done. */
  async result(id: string, timeoutMs: number): Promise<void> {
    const goal = this.goals.get(id);
    if (!goal || goal.lost || goal.result || isUnderWay(goal)) return;
    const pending = this.#results.get(id);
    if (!pending && goal.resultRequested) return;
    await this.#within(timeoutMs, pending ?? this.use((client) => this.#ask(client, id, timeoutMs)));
  }

  /** Stores the result when it arrives. Never rejects: without a result, the server's list is the only source. */
  #ask(client: ActionClient, id: string, timeoutMs: number): Promise<void> {
    this.goals.note(id, { resultRequested: true });
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
    // If the goal reappears, its result may be requested again.
    if (goal && isUnderWay(goal)) this.goals.note(id, { lost: error instanceof ServerLost, resultRequested: false });
    if (error instanceof AlreadyClosed) return;
    const { key, log } = this.#options;
    log('warn', `No result of goal ${id} of ${key}: ${errorMessage(error)}`);
  }

  /** Keeps the client open while goals are running, to receive how they end. */
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
        log('warn', `The goals of ${key} are no longer followed: ${errorMessage(error)}`);
      },
    );
  }

  /** Waits for `promise`, at most `timeoutMs`. */
  #within(timeoutMs: number, promise: Promise<void>): Promise<void> {
    return within(this.#options.clock, timeoutMs, promise, () => undefined);
  }
}
