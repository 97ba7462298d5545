import type { Random } from '@medkit/edges';
import type { LocalNode } from '../adapter/adapter.ts';
import type { CallOptions } from '../adapter/service.ts';
import { type TimeMessage, timeNs } from '../codec/time-message.ts';
import type { RosMessage } from '../types/message.ts';
import type { ActionClient } from './action-client.ts';
import { type ActionService, type ActionTopic, actionEndpoints } from './action-endpoints.ts';
import { cancelOutcomeOf } from './cancel-request.ts';
import type { GoalState } from './goal.ts';
import { formatGoalId, randomGoalId } from './goal-id.ts';
import {
  decodedAs,
  type GoalInfoMessage,
  goalInfoMessage,
  goalStates,
  type StatusArrayMessage,
  type UuidMessage,
  uuidMessage,
} from './goal-messages.ts';
import { statusOfCode } from './goal-status.ts';
import { OnDemandTopic } from './on-demand-topic.ts';

/** Maximum goals passed to status listeners; beyond it, only the latest. */
const MAX_STATUS_GOALS = 1000;

export interface ActionClientOptions {
  /** Full name: `/navigate_to_pose`. */
  readonly action: string;
  /** `nav2_msgs/action/NavigateToPose`. */
  readonly type: string;
  /** The server to use if several have the same action name. Absent: any. */
  readonly server?: ActionServerChoice;
  /** For goal ids. */
  readonly random: Random;
  /** A listener threw, or a topic with listeners could not be subscribed to. The next `sendGoal` tries again. */
  readonly onFailure: (error: unknown) => void;
}

/** One of several servers of an action. */
export interface ActionServerChoice {
  /** Returns the GIDs of its endpoints for a service of the action. */
  servers(service: string): readonly string[];
  /** Returns whether it publishes with this GID. */
  isFrom(gid: string): boolean;
}

interface Feedback {
  readonly goalId: string;
  readonly feedback: RosMessage;
}

/** Opens an action client as part of `node`. Throws `InvalidName`, and the errors of the node. */
export async function openActionClient(node: LocalNode, options: ActionClientOptions): Promise<ActionClient> {
  const { action, type, server, random, onFailure } = options;
  const endpoints = actionEndpoints(action, type);
  await using opening = new AsyncDisposableStack();
  const client = async (service: ActionService) =>
    opening.adopt(await node.client(service.name, service.type), (opened) => opened.close());
  const to = (service: ActionService, call: CallOptions): CallOptions =>
    server ? { ...call, servers: server.servers(service.name) } : call;
  const isFromServer = (gid: string): boolean => server?.isFrom(gid) ?? true;
  const listened = <Value>(topic: OnDemandTopic<Value>) => opening.adopt(topic, (opened) => opened.close());

  const sendGoal = await client(endpoints.sendGoal);
  const cancelGoal = await client(endpoints.cancelGoal);
  const getResult = await client(endpoints.getResult);
  const feedback = listened(
    new OnDemandTopic({
      topic: endpoints.feedback.name,
      subscribe: (onSample) => node.subscribe({ ...topicOf(endpoints.feedback), onSample }),
      read: ({ message, gid }) => (message && isFromServer(gid) ? readFeedback(message) : undefined),
      latched: false,
      onFailure,
    }),
  );
  const status = listened(
    new OnDemandTopic({
      topic: endpoints.status.name,
      subscribe: (onSample) => node.subscribe({ ...topicOf(endpoints.status), onSample }),
      read: ({ message, gid }) => (message && isFromServer(gid) ? readStatus(message) : undefined),
      latched: true,
      onFailure,
    }),
  );
  const opened = opening.move();

  return {
    action,
    type,
    randomGoalId: () => randomGoalId(random),
    async sendGoal(goal, { goalId = randomGoalId(random), ...call }) {
      const request = { goal_id: uuidMessage(goalId), goal: goal as RosMessage };
      await Promise.all([feedback.subscribed(), status.subscribed()]);
      const response = await sendGoal.call(request, to(endpoints.sendGoal, call));
      const { accepted, stamp } = decodedAs<{ readonly accepted: boolean; readonly stamp: TimeMessage }>(response);
      return { goalId, accepted, acceptedNs: timeNs(stamp) };
    },
    async cancelGoal(goalId, call) {
      const response = await cancelGoal.call(
        { goal_info: goalInfoMessage(goalId, 0n) },
        to(endpoints.cancelGoal, call),
      );
      const { return_code, goals_canceling } = decodedAs<{
        readonly return_code: number;
        readonly goals_canceling: readonly GoalInfoMessage[];
      }>(response);
      const canceling = goals_canceling.map(({ goal_id }) => formatGoalId(goal_id.uuid));
      const outcome = cancelOutcomeOf(return_code);
      // Older servers return this when they reject the request.
      return { outcome: outcome === 'accepted' && canceling.length === 0 ? 'rejected' : outcome, canceling };
    },
    async result(goalId, call) {
      const response = await getResult.call({ goal_id: uuidMessage(goalId) }, to(endpoints.getResult, call));
      const { status, result } = decodedAs<{ readonly status: number; readonly result: RosMessage }>(response);
      return { status: statusOfCode(status), result };
    },
    onFeedback: (listener) => feedback.listen(({ goalId, feedback }) => listener(goalId, feedback)),
    onStatus: (listener) => status.listen(listener),
    close: () => opened.disposeAsync(),
  };
}

function topicOf({ name, type, qos }: ActionTopic) {
  return { topic: name, type, qos };
}

function readFeedback(message: RosMessage): Feedback {
  const { goal_id, feedback } = decodedAs<{ readonly goal_id: UuidMessage; readonly feedback: RosMessage }>(message);
  return { goalId: formatGoalId(goal_id.uuid), feedback };
}

function readStatus(message: RosMessage): readonly GoalState[] {
  return goalStates(decodedAs<StatusArrayMessage>(message), MAX_STATUS_GOALS);
}
