import type { Conditions } from '../robot/conditions.ts';

/** The parts of the demo that scenarios affect. */
export interface Stage {
  readonly conditions: Conditions;
  readonly cameraRuns: boolean;
  change(conditions: Partial<Conditions>): void;
  /** Kills the camera's process; its node does not unregister. */
  killCamera(): void;
  startCamera(): Promise<void>;
  /** True while `robot_state_publisher` hangs. */
  readonly nodeHangs: boolean;
  hangNode(hangs: boolean): void;
  /** The filling station; undefined without one. */
  readonly station: Station | undefined;
}

/** A filling station. Its PLC only knows that vehicles wait for its release. */
export interface Station {
  readonly isBlocked: boolean;
  /** Blocks or opens the outlet of its tank. The PLC causes all further effects. */
  block(isBlocked: boolean): Promise<void>;
}

/** A scenario needs a filling station, but the demo has none. */
export class NoStation extends Error {
  override readonly name = 'NoStation';

  constructor() {
    super('this demo has no filling station: start it with `npm start -- --plc`');
  }
}

export interface Scenario {
  /** Visible effects. */
  readonly about: string;
  isActive(stage: Stage): boolean;
  inject(stage: Stage): void | Promise<void>;
  clear(stage: Stage): void | Promise<void>;
}

/** Failure scenarios of the demo, by the name for `medkit demo inject`. */
export const SCENARIOS = {
  obstacle: {
    about: 'a person steps in front of the robot: /scan drops to 0.11 m, /cmd_vel to 0, and navigation aborts its goal',
    isActive: ({ conditions }) => conditions.obstacle,
    inject: (stage) => stage.change({ obstacle: true }),
    clear: (stage) => stage.change({ obstacle: false }),
  },
  battery: {
    about: 'a battery cell fails: /voltage drops below 22 V within seconds, and the robot stops',
    isActive: ({ conditions }) => conditions.failingBattery,
    inject: (stage) => stage.change({ failingBattery: true }),
    clear: (stage) => stage.change({ failingBattery: false }),
  },
  'node-death': {
    about: 'the camera_driver process is killed: its node is offline after its lease, and the watchdog reports it',
    isActive: ({ cameraRuns }) => !cameraRuns,
    inject: (stage) => stage.killCamera(),
    clear: (stage) => stage.startCamera(),
  },
  'mute-node': {
    about: 'robot_state_publisher hangs: it answers no request and its transforms become stale; other nodes stay fast',
    isActive: ({ nodeHangs }) => nodeHangs,
    inject: (stage) => stage.hangNode(true),
    clear: (stage) => stage.hangNode(false),
  },
  overpressure: {
    about:
      'with --plc: a tank is blocked, the PLC raises an alarm and revokes its release, and the robot cannot continue',
    isActive: ({ station }) => station?.isBlocked ?? false,
    inject: ({ station }) => {
      if (station === undefined) throw new NoStation();
      return station.block(true);
    },
    clear: ({ station }) => station?.block(false),
  },
} as const satisfies Readonly<Record<string, Scenario>>;

export type ScenarioName = keyof typeof SCENARIOS;

export const SCENARIO_NAMES = Object.keys(SCENARIOS) as readonly ScenarioName[];

export function isScenarioName(name: string): name is ScenarioName {
  return Object.hasOwn(SCENARIOS, name);
}

/** Which scenarios are active. */
export type ScenarioStates = Readonly<Record<ScenarioName, boolean>>;

export function scenarioStates(stage: Stage): ScenarioStates {
  return Object.fromEntries(SCENARIO_NAMES.map((name) => [name, SCENARIOS[name].isActive(stage)])) as ScenarioStates;
}
