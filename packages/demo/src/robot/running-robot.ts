import type { Clock, Timer } from '@medkit/edges';
import { MAX_LINEAR_MPS } from './drive.ts';
import { lidarOf, peopleAround, ROBOT_AT_START, type Robot, type RobotEvent, STEP_SEC } from './robot.ts';
import { type Conditions, stepRobot } from './step.ts';

/** After a longer pause (a suspended machine) the robot goes on from where it was instead of racing after the clock. */
const MAX_STEPS_AT_ONCE = 20;

/** The simulation as it runs: one robot that steps with the clock, in fixed steps. */
export class RunningRobot {
  readonly #clock: Clock;
  readonly #listeners: ((event: RobotEvent) => void)[] = [];
  #robot: Robot = ROBOT_AT_START;
  #conditions: Conditions = { obstacle: false, failingBattery: false, speedLimitMps: MAX_LINEAR_MPS };
  #timer: Timer | undefined;
  #steppedMs = 0;

  constructor({ clock }: { readonly clock: Clock }) {
    this.#clock = clock;
  }

  get state(): Robot {
    return this.#robot;
  }

  get conditions(): Conditions {
    return this.#conditions;
  }

  /** What the camera sees from where it is. */
  get scene() {
    return { camera: lidarOf(this.#robot), people: peopleAround(this.#robot) };
  }

  change(conditions: Partial<Conditions>): void {
    this.#conditions = { ...this.#conditions, ...conditions };
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
      this.#robot = stepRobot(this.#robot, this.#conditions);
      for (const event of this.#robot.events) for (const listener of this.#listeners) listener(event);
    }
  }
}
