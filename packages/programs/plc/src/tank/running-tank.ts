import type { Clock, Timer } from '@medkit/edges';
import { secondsToFill, stepTank, TANK_AT_START, TANK_HEIGHT_MM, type Tank, type TankCommands } from './tank.ts';
import { type ActiveAlarms, alarmsOf } from './tank-alarms.ts';
import { NO_FAULTS, type PlcScenarioName, type TankFaults, withScenario } from './tank-faults.ts';

/** 10 cycles per second, typical of a slow controller task. */
const CYCLE_MS = 100;

/** The tank with its controller. Runs until it is stopped. */
export class RunningTank {
  readonly #clock: Clock;
  readonly #onCycle: () => void;
  #tank = TANK_AT_START;
  #faults = NO_FAULTS;
  #commands: TankCommands = { pumpOn: true, pumpSetpointPercent: 40, valveSetpointPercent: 53 };
  #timer: Timer | undefined;
  #cycles = 0;
  #alarms: ActiveAlarms = new Map();
  readonly #startedAt: Date;

  constructor({ clock, onCycle }: { readonly clock: Clock; readonly onCycle: () => void }) {
    this.#clock = clock;
    this.#onCycle = onCycle;
    this.#startedAt = new Date(clock.wallMs());
  }

  get tank(): Tank {
    return this.#tank;
  }

  get faults(): TankFaults {
    return this.#faults;
  }

  get commands(): TankCommands {
    return this.#commands;
  }

  /** Active alarms. */
  get alarms(): ActiveAlarms {
    return this.#alarms;
  }

  /** Whether vehicles may move at the station: its interlock, which exists outside OPC UA too. */
  get isReleased(): boolean {
    return this.#alarms.get('Overpressure')?.limit !== 'HighHigh';
  }

  /** Cycles since the start. */
  get cycles(): number {
    return this.#cycles;
  }

  get startedAt(): Date {
    return this.#startedAt;
  }

  start(): void {
    this.#timer ??= this.#clock.every(CYCLE_MS, () => this.#cycle());
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** Changes the commands. An earlier target is discarded. */
  command(commands: Partial<TankCommands>): void {
    this.#commands = { ...this.#commands, targetMm: undefined, ...commands };
  }

  /** Sets the state of the tank directly, for tests. */
  put(tank: Partial<Tank>): void {
    this.#tank = { ...this.#tank, ...tank };
  }

  setScenario(name: PlcScenarioName, isOn: boolean): void {
    this.#faults = withScenario(this.#faults, name, isOn);
  }

  /** Resets the protection that switched the pump off. */
  reset(): void {
    this.#faults = { ...this.#faults, pumpOverload: false, vfdFault: 0 };
  }

  /** Fills up to a level and returns the required time in seconds. Throws `RangeError` for an impossible level. */
  fill(targetMm: number): number {
    if (!(targetMm >= 0 && targetMm <= TANK_HEIGHT_MM)) {
      throw new RangeError(`level ${targetMm} mm is out of range: 0 to ${TANK_HEIGHT_MM} mm`);
    }
    const setpoint = Math.max(this.#commands.pumpSetpointPercent, 1);
    this.command({ pumpOn: true, pumpSetpointPercent: setpoint, valveSetpointPercent: 0, targetMm });
    return secondsToFill(this.#tank, this.#commands, targetMm);
  }

  #cycle(): void {
    this.#cycles += 1;
    this.#tank = stepTank(this.#tank, this.#commands, this.#faults, CYCLE_MS / 1000);
    const { targetMm } = this.#commands;
    this.#alarms = alarmsOf(this.#tank, this.#faults, this.#alarms);
    if (targetMm !== undefined && this.#tank.levelMm >= targetMm) this.command({ pumpOn: false });
    this.#onCycle();
  }
}
