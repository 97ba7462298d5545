import { SovdError } from '@medkit/contract';
import type { CallContext, Execution, Log, OperationRequest } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import {
  type ActionClient,
  type CancelAnswer,
  type RosAdapter,
  type RosMessage,
  ServiceUnavailable,
  UnknownType,
} from '@medkit/ros2';
import { callFailure, hasUnknownOutcome, outcomeUnknown, typeUnknown } from '../call-failure.ts';
import { ClientPool } from '../calls/client-pool.ts';
import { timeLeftMs } from '../calls/time-left.ts';
import { cancelRefused } from './cancel-refused.ts';
import { FollowedAction, type OpenAction } from './followed-action.ts';
import { goalExecution } from './goal-execution.ts';
import { executionIdOf, goalIdOf } from './goal-id.ts';
import { type Goal, isUnderWay, statusOf } from './goal-log.ts';
import type { OperationTypes } from './operation-types.ts';
import type { RosOperation } from './ros-operation.ts';

/** Maximum open action clients; each consists of three clients and two subscriptions. */
const MAX_CLIENTS = 64;
/** Idle time after which a client without running goals is closed. */
const IDLE_MS = 60_000;
/** Actions whose goals are stored: more than open clients, because the goals are kept longer. */
const MAX_ACTIONS = 256;
/** Clients that a list of all actions may open; the rest is reserved for requests of a single action. */
const MAX_CLIENTS_OF_LISTS = 48;
/** How long to wait for the status that an action server published last. */
const FIRST_STATUS_MS = 500;
/** How long reading an ended goal waits for its result. */
const RESULT_WAIT_MS = 2000;

export interface RosActionsOptions {
  /** `node`: FQN of the requested node if several offer the action. */
  readonly openClient: (action: string, type: string, node: string | undefined) => Promise<ActionClient>;
  readonly adapter: Pick<RosAdapter, 'toJson'>;
  readonly types: OperationTypes;
  readonly clock: Clock;
  readonly log: Log;
  /** `service_call_timeout_sec` in milliseconds. */
  readonly callTimeoutMs: number;
  /** Called with every new status of a goal of `action`, whichever client sent it. */
  readonly changed?: (action: string, executionId: string, status: string) => void;
}

/** Sends goals to the actions of the graph, and shows and cancels goals of any client. */
export class RosActions {
  readonly #options: RosActionsOptions;
  readonly #clients: ClientPool<OpenAction>;
  /** In order of last use, least recently used first. */
  readonly #followed = new Map<string, FollowedAction>();

  constructor(options: RosActionsOptions) {
    this.#options = options;
    const { clock, log } = options;
    const open = (key: string) => this.#actionOf(key).open();
    this.#clients = new ClientPool({ open, clock, log, maxClients: MAX_CLIENTS, idleMs: IDLE_MS });
  }

  /**
   * Throws `invalid-request` with the invalid field, `x-medkit-ros2-action-rejected` or `-unavailable`, and
   * `x-medkit-outcome-unknown` with the goal's id if the server may have accepted it.
   */
  async send(operation: RosOperation, { parameters }: OperationRequest, call: CallContext): Promise<Execution> {
    const action = this.#of(operation);
    try {
      await this.#options.types.encode(`${operation.type}_Goal`, parameters);
      const goal = await action.use(async (client) => {
        const goalId = client.randomGoalId();
        const id = executionIdOf(goalId) ?? goalId;
        const accepted = await client
          .sendGoal((parameters ?? {}) as RosMessage, { ...this.#callOptions(call), goalId })
          .catch((error: unknown) => acceptedWithoutReply(operation, action.goals.get(id), id, error));
        if (accepted.accepted) return action.begun(client, id, accepted.acceptedNs);
        throw new SovdError({ code: 'x-medkit-ros2-action-rejected', parameters: { goal_id: id } });
      });
      return await this.#executionOf(operation, goal);
    } catch (error) {
      throw unavailable(operation, error);
    }
  }

  /** Returns the ids of the known goals, newest first. */
  async executions(operation: RosOperation, call: CallContext): Promise<readonly string[]> {
    await this.#listen(operation, call);
    return this.#of(operation)
      .goals.all()
      .map(({ id }) => id);
  }

  /**
   * Returns the known goals without feedback and result. If the action was not followed yet, waits for its server's
   * list while there is room for another client; otherwise returns what is known.
   */
  async recent(operation: RosOperation, call: CallContext): Promise<readonly Goal[]> {
    if (this.#clients.has(keyOf(operation)) || this.#clients.size < MAX_CLIENTS_OF_LISTS) {
      await this.#listen(operation, call);
    }
    return this.#of(operation).goals.all();
  }

  /** Throws `resource-not-found` for an unknown goal. */
  async execution(operation: RosOperation, executionId: string, call: CallContext): Promise<Execution> {
    const { id } = await this.#goal(operation, executionId, call);
    const action = this.#of(operation);
    try {
      await action.result(id, this.#timeLeftMs(call, RESULT_WAIT_MS));
    } catch (error) {
      throw unavailable(operation, error);
    }
    return this.#executionOf(operation, action.goals.get(id));
  }

  /** Asks the server to cancel the goal, and returns its state afterwards. */
  async cancel(operation: RosOperation, executionId: string, call: CallContext): Promise<Execution> {
    const { goals } = this.#of(operation);
    const goal = await this.#goal(operation, executionId, call);
    if (!isUnderWay(goal) && !goal.lost) throw cancelRefused('terminated');
    const outcome = await this.#cancel(operation, goal.id, call);
    // Servers also refuse a goal that is already being canceled.
    if (outcome !== 'accepted' && !isEnding(goals.get(goal.id))) throw cancelRefused(outcome);
    const known = goals.get(goal.id);
    return this.#executionOf(operation, known && goals.note(known.id, { capability: 'stop' }));
  }

  /** Marks goals as lost if their action is no longer offered: no other source reports their end. */
  giveUpUnless(isOffered: (action: string, node: string | undefined) => boolean): void {
    for (const [key, { held, goals }] of this.#followed) {
      const [action, , node] = partsOf(key);
      if (held && !isOffered(action, node)) goals.lose();
    }
  }

  close(): Promise<void> {
    return this.#clients.close();
  }

  async #cancel(operation: RosOperation, id: string, call: CallContext): Promise<CancelAnswer['outcome']> {
    const action = this.#of(operation);
    try {
      const answer = await action.use((client) => client.cancelGoal(goalIdOf(id), this.#callOptions(call)));
      return answer.outcome;
    } catch (error) {
      const goal = action.goals.get(id);
      if (hasUnknownOutcome(error)) {
        if (isEnding(goal)) return 'accepted';
        if (goal && !goal.lost && !isUnderWay(goal)) return 'terminated';
      }
      throw cancelFailure(operation, id, error);
    }
  }

  async #goal(operation: RosOperation, executionId: string, call: CallContext): Promise<Goal> {
    const id = executionIdOf(executionId);
    if (id === undefined) throw executionNotFound();
    const { goals } = this.#of(operation);
    if (!goals.get(id)) await this.#listen(operation, call);
    const goal = goals.get(id);
    if (!goal) throw executionNotFound();
    return goal;
  }

  async #listen(operation: RosOperation, call: CallContext): Promise<void> {
    try {
      await this.#of(operation).listen(this.#timeLeftMs(call, FIRST_STATUS_MS));
    } catch (error) {
      throw unavailable(operation, error);
    }
  }

  /** A goal that was removed during the call counts as not found. */
  async #executionOf(operation: RosOperation, goal: Goal | undefined): Promise<Execution> {
    if (!goal) throw executionNotFound();
    return goalExecution(this.#options.adapter, operation, goal);
  }

  #callOptions(call: CallContext) {
    return { timeoutMs: this.#timeLeftMs(call, this.#options.callTimeoutMs), signal: call.signal };
  }

  #timeLeftMs({ deadlineMs }: CallContext, timeoutMs: number): number {
    return timeLeftMs(this.#options.clock, deadlineMs, timeoutMs);
  }

  /** If two nodes use different types for an action, each has a client. */
  #of(operation: RosOperation): FollowedAction {
    return this.#actionOf(keyOf(operation));
  }

  #actionOf(key: string): FollowedAction {
    const known = this.#followed.get(key);
    this.#followed.delete(key);
    if (!known && this.#followed.size >= MAX_ACTIONS) this.#forgetOne();
    const action = known ?? this.#follow(key);
    this.#followed.set(key, action);
    return action;
  }

  #follow(key: string): FollowedAction {
    const { openClient, clock, log, changed } = this.#options;
    const [name, type, node] = partsOf(key);
    return new FollowedAction({
      key,
      openClient: () => openClient(name, type, node),
      clients: this.#clients,
      clock,
      log,
      changed: (goal) => changed?.(name, goal.id, statusOf(goal)),
    });
  }

  /** There are fewer clients than actions, so one of these is not in use. */
  #forgetOne(): void {
    for (const [key, { held }] of this.#followed) {
      if (!held) return void this.#followed.delete(key);
    }
  }
}

/** If several nodes offer an action of the same name, each has separate goals. */
function keyOf({ name, type, sharedBy }: RosOperation): string {
  return sharedBy === undefined ? `${name} ${type}` : `${name} ${type} ${sharedBy}`;
}

function partsOf(key: string): readonly [name: string, type: string, node: string | undefined] {
  const [name = '', type = '', node] = key.split(' ');
  return [name, type, node];
}

function isEnding(goal: Goal | undefined): boolean {
  return goal?.status === 'canceling' || goal?.status === 'canceled';
}

function unavailable(operation: RosOperation, error: unknown): unknown {
  const { name } = operation;
  if (error instanceof UnknownType) return typeUnknown(operation);
  return callFailure(error, { code: 'x-medkit-ros2-action-unavailable', parameters: { action: name } });
}

/** Returns the goal if the server lists it or sends feedback for it although its reply is missing. Throws otherwise. */
function acceptedWithoutReply(
  { name }: RosOperation,
  goal: Goal | undefined,
  id: string,
  error: unknown,
): { readonly accepted: true; readonly acceptedNs: bigint } {
  if (!hasUnknownOutcome(error)) throw error;
  if (goal) return { accepted: true, acceptedNs: goal.acceptedNs };
  const parameters = { action: name, execution_id: id };
  throw outcomeUnknown(error, `Goal ${id} was sent to ${name}`, parameters);
}

function cancelFailure({ name }: RosOperation, id: string, error: unknown): unknown {
  if (hasUnknownOutcome(error)) {
    const parameters = { action: name, execution_id: id };
    return outcomeUnknown(error, `The request to cancel goal ${id} was sent to ${name}`, parameters);
  }
  const parameters = { action: name };
  const code = 'x-medkit-ros2-action-unavailable';
  return error instanceof ServiceUnavailable
    ? callFailure(error, { code, status: 503, message: 'The action cannot be canceled: no server', parameters })
    : callFailure(error, { code, message: 'Cancel request failed', parameters });
}

function executionNotFound(): SovdError {
  return new SovdError({ code: 'resource-not-found', message: 'Execution not found' });
}
