import { asInt16, pumpStatusWord } from './pump-status.ts';
import type { RunningTank } from './running-tank.ts';
import { TANK_HEIGHT_MM } from './tank.ts';
import { isScenarioOn, PLC_SCENARIO_NAMES, type PlcScenarioName } from './tank-faults.ts';

/** A variable of the controller: its name, type and current value. */
export interface TankValue {
  /** Below the station: `Tank.Level` is the variable `Level` of the object `Tank`. */
  readonly name: string;
  readonly type: TankType;
  /** True for an array of its type. */
  readonly isArray?: true;
  readonly value: (tank: RunningTank) => number | bigint | boolean | string | Date | readonly number[];
  /** Unit of a measured value. */
  readonly unit?: TankUnit;
  readonly range?: readonly [low: number, high: number];
  /** Handles a write. Absent for a read-only variable. */
  readonly write?: (tank: RunningTank, value: number) => void;
  /** Sets the tank to a state with this value, for tests. */
  readonly put?: (tank: RunningTank, value: number) => void;
  /** False while its sensor is broken. */
  readonly isGood?: (tank: RunningTank) => boolean;
}

/** Built-in types (OPC 10000-6, 5.1.2) that the tank uses. */
export type TankType =
  | 'Boolean'
  | 'Int16'
  | 'UInt16'
  | 'Int32'
  | 'Int64'
  | 'UInt64'
  | 'Float'
  | 'Double'
  | 'String'
  | 'DateTime';

export type TankUnit = 'millimetre' | 'degree_celsius' | 'bar' | 'percent' | 'litre_per_minute';

const PERCENT = { unit: 'percent', range: [0, 100] } as const;
const PROFILE_STEP_MM = 200;

/** All variables of the controller, including every type that a client must support, and one array. */
export const TANK_VALUES: readonly TankValue[] = [
  {
    name: 'Tank.Level',
    type: 'Double',
    unit: 'millimetre',
    range: [0, TANK_HEIGHT_MM],
    value: (t) => t.tank.levelMm,
    put: (t, levelMm) => t.put({ levelMm }),
  },
  {
    name: 'Tank.Temperature',
    type: 'Double',
    unit: 'degree_celsius',
    range: [-20, 120],
    value: (t) => t.tank.temperatureC,
    put: (t, temperatureC) => t.put({ temperatureC }),
    isGood: (t) => !t.faults.sensorBroken,
  },
  {
    name: 'Tank.Pressure',
    type: 'Float',
    unit: 'bar',
    range: [0, 10],
    value: (t) => t.tank.pressureBar,
    put: (t, pressureBar) => t.put({ pressureBar }),
  },
  { name: 'Tank.Inflow', type: 'Float', unit: 'litre_per_minute', range: [0, 100], value: (t) => t.tank.inflowLpm },
  { name: 'Tank.Outflow', type: 'Float', unit: 'litre_per_minute', range: [0, 100], value: (t) => t.tank.outflowLpm },
  { name: 'Tank.HeaterOn', type: 'Boolean', value: (t) => t.tank.heaterOn },
  { name: 'Tank.FilledTotal', type: 'UInt64', value: (t) => t.tank.filledMl },
  // Balance of a bidirectional meter: signed, and beyond the precision of a JavaScript number.
  { name: 'Tank.Balance', type: 'Int64', value: (t) => -t.tank.filledMl },
  { name: 'Tank.Profile', type: 'Double', isArray: true, value: ({ tank }) => profileOf(tank.levelMm) },
  { name: 'Pump.Speed', type: 'Float', ...PERCENT, value: (t) => t.tank.pumpPercent },
  {
    name: 'Pump.SpeedSetpoint',
    type: 'Double',
    ...PERCENT,
    value: (t) => t.commands.pumpSetpointPercent,
    write: (t, pumpSetpointPercent) => t.command({ pumpSetpointPercent }),
  },
  { name: 'Pump.Running', type: 'Boolean', value: (t) => t.tank.pumpPercent > 0 },
  { name: 'Pump.Ready', type: 'Boolean', value: (t) => !t.faults.pumpOverload && t.faults.vfdFault === 0 },
  // Normal state for the OffNormalAlarm (OPC 10000-9, 5.8.23.2).
  { name: 'Pump.ReadyNormally', type: 'Boolean', value: () => true },
  { name: 'Pump.StatusWord', type: 'UInt16', value: (t) => pumpStatusWord(t.tank, t.faults) },
  { name: 'Pump.StatusWordSigned', type: 'Int16', value: (t) => asInt16(pumpStatusWord(t.tank, t.faults)) },
  { name: 'Valve.Position', type: 'Float', ...PERCENT, value: (t) => t.tank.valvePercent },
  {
    name: 'Valve.PositionSetpoint',
    type: 'Double',
    ...PERCENT,
    value: (t) => t.commands.valveSetpointPercent,
    write: (t, valveSetpointPercent) => t.command({ valveSetpointPercent }),
  },
  { name: 'Vfd.FaultCode', type: 'Int32', value: (t) => t.faults.vfdFault },
  { name: 'Controller.Mode', type: 'String', value: (t) => (t.commands.targetMm === undefined ? 'MANUAL' : 'FILLING') },
  { name: 'Controller.Cycles', type: 'UInt64', value: (t) => BigInt(t.cycles) },
  { name: 'Controller.StartedAt', type: 'DateTime', value: (t) => t.startedAt },
  { name: 'Controller.Released', type: 'Boolean', value: (t) => t.isReleased },
  ...PLC_SCENARIO_NAMES.map(switchOf),
];

/** A scenario as a writable variable such as `Simulation.PumpOverload`. */
function switchOf(scenario: PlcScenarioName): TankValue {
  const name = scenario.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return {
    name: `Simulation.${name}`,
    type: 'Boolean',
    value: ({ faults }) => isScenarioOn(faults, scenario),
    write: (t, isOn) => t.setScenario(scenario, isOn !== 0),
  };
}

/** Fill level of each layer of the tank, from the bottom up. */
function profileOf(levelMm: number): readonly number[] {
  return Array.from({ length: TANK_HEIGHT_MM / PROFILE_STEP_MM }, (_, layer) =>
    Math.min(1, Math.max(0, (levelMm - layer * PROFILE_STEP_MM) / PROFILE_STEP_MM)),
  );
}
