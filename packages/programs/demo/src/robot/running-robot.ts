import type { Clock, Timer } from '@medkit/edges';
import { type CommandedBase, commandedBase } from './commanded-base.ts';
import { type Conditions, NORMAL_CONDITIONS } from './conditions.ts';
import { stepGatedRobot } from './gated-step.ts';
import type { Order } from './goal.ts';
import { cancelGoal, takeOrder } from './mission.ts';
import { lidarOf, peopleAround, ROBOT_AT_START, type Robot, type RobotEvent, STEP_SEC } from './robot.ts';
import { stepRobot } from './step.ts';

/** Maximum number of steps per tick: after a longer pause (suspend) the robot continues without catching up. */
const MAX_STEPS_AT_ONCE = 20;

export interface RunningRobotOptions {
  readonly clock: Clock;
  /** Whether the base moves only on commands of a gate; otherwise navigation moves it (default false). */
  readonly gated?: boolean;
}

/** The running simulation: one robot that advances with the clock in fixed steps. */
export class RunningRobot {
  readonly #clock: Clock;
  /** Undefined if navigation moves the base itself. */
  readonly base: CommandedBase | undefined;
  readonly #listeners: ((event: RobotEvent) => void)[] = [];
  #robot: Robot = ROBOT_AT_START;
  #conditions = NORMAL_CONDITIONS;
  #timer: Timer | undefined;
  #steppedMs = 0;

  constructor({ clock, gated = false }: RunningRobotOptions) {
    this.#clock = clock;
    this.base = gated ? commandedBase(clock) : undefined;
  }

  get state(): Robot {
    return this.#robot;
  }

  get conditions(): Conditions {
    return this.#conditions;
  }

  /** Pose of the camera and the people around the robot. */
  get scene() {
    return { camera: lidarOf(this.#robot), people: peopleAround(this.#robot) };
  }

  change(conditions: Partial<Conditions>): void {
    this.#conditions = { ...this.#conditions, ...conditions };
  }

  /** Sends the robot to a place. It abandons its current goal. */
  order(order: Order): void {
    this.#become(takeOrder(this.#robot, order));
  }

  /** Cancels the goal with this id. Has no effect if the robot has another goal. */
  cancel(id: string): void {
    this.#become(cancelGoal(this.#robot, id));
  }

  onEvent(listener: (event: RobotEvent) => void): void {
    this.#listeners.push(listener);
  }

  start(): void {
    this.#steppedMs = this.#clock.monotonicMs();
    this.#timer = this.#clock.every(STEP_SEC * 1000, () => this.#catchUp());
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #catchUp(): void {
    const stepMs = STEP_SEC * 1000;
    const due = Math.floor((this.#clock.monotonicMs() - this.#steppedMs) / stepMs);
    this.#steppedMs += due * stepMs;
    for (let step = 0; step < Math.min(due, MAX_STEPS_AT_ONCE); step += 1) {
      this.#become(this.#stepped());
    }
  }

  #stepped(): Robot {
    const { base } = this;
    if (base === undefined) return stepRobot(this.#robot, this.#conditions);
    return stepGatedRobot(this.#robot, this.#conditions, base.velocity());
  }

  #become(robot: Robot): void {
    this.#robot = robot;
    for (const event of robot.events) for (const listener of this.#listeners) listener(event);
  }
}
