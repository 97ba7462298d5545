import type { ActionClient, CancelAnswer, GoalAnswer, GoalResult, GoalState, RosMessage } from '@medkit/ros2';

/** A client of an action whose server the test controls. */
export class FakeAction implements ActionClient {
  readonly action: string;
  readonly type: string;
  closed = false;
  /** Goals that were sent, in order. */
  readonly sent: unknown[] = [];
  /** Ids, with dashes, of goals that were canceled. */
  readonly cancelled: string[] = [];
  /** Ids, with dashes, of goals whose results were requested. */
  readonly requested: string[] = [];
  /** Answer to the next goal that is sent. */
  onSend: (goalId: string) => Promise<GoalAnswer> | GoalAnswer = (goalId) => ({
    goalId,
    accepted: true,
    acceptedNs: 1_767_225_600_000_000_000n,
  });
  onCancel: (goalId: string) => Promise<CancelAnswer> | CancelAnswer = (goalId) => ({
    outcome: 'accepted',
    canceling: [goalId],
  });
  onResult: (goalId: string) => Promise<GoalResult> = () => new Promise(() => undefined);
  readonly #onStatus = new Set<(goals: readonly GoalState[]) => void>();
  readonly #onFeedback = new Set<(goalId: string, feedback: RosMessage) => void>();

  constructor(action: string, type: string) {
    this.action = action;
    this.type = type;
  }

  /** Publishes a goal list of the server. */
  list(...goals: readonly GoalState[]): void {
    for (const listener of this.#onStatus) listener(goals);
  }

  /** Publishes feedback of the server. */
  report(goalId: string, feedback: RosMessage): void {
    for (const listener of this.#onFeedback) listener(goalId, feedback);
  }

  randomGoalId(): string {
    return fakeGoalId(this.sent.length + 1);
  }

  async sendGoal(goal: unknown): Promise<GoalAnswer> {
    this.sent.push(goal);
    return this.onSend(fakeGoalId(this.sent.length));
  }

  async cancelGoal(goalId: string): Promise<CancelAnswer> {
    this.cancelled.push(goalId);
    return this.onCancel(goalId);
  }

  async result(goalId: string): Promise<GoalResult> {
    this.requested.push(goalId);
    return this.onResult(goalId);
  }

  onFeedback(listener: (goalId: string, feedback: RosMessage) => void): () => void {
    this.#onFeedback.add(listener);
    return () => void this.#onFeedback.delete(listener);
  }

  onStatus(listener: (goals: readonly GoalState[]) => void): () => void {
    this.#onStatus.add(listener);
    return () => void this.#onStatus.delete(listener);
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}

/** Returns the id, with dashes, of the goal with this number. */
export function fakeGoalId(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}
