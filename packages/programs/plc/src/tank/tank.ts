import type { TankFaults } from './tank-faults.ts';

/** State of the tank of a filling station and its equipment. */
export interface Tank {
  readonly levelMm: number;
  readonly temperatureC: number;
  /** Gauge pressure. */
  readonly pressureBar: number;
  /** Speed of the pump and opening of the valve to the robot, 0 to 100. */
  readonly pumpPercent: number;
  readonly valvePercent: number;
  /** Flow into and out of the tank, litres per minute. */
  readonly inflowLpm: number;
  readonly outflowLpm: number;
  readonly heaterOn: boolean;
  /** Total inflow since construction, millilitres; a 64-bit counter. */
  readonly filledMl: bigint;
}

/** Commands to the tank. */
export interface TankCommands {
  readonly pumpOn: boolean;
  readonly pumpSetpointPercent: number;
  readonly valveSetpointPercent: number;
  /** Target level at which the pump stops; absent for manual filling. */
  readonly targetMm?: number | undefined;
}

export const TANK_HEIGHT_MM = 1000;
/** Litres per millimetre of level: a round tank with 60 cm diameter. */
const LITRES_PER_MM = 0.283;
const FULL_INFLOW_LPM = 60;
const FULL_OUTFLOW_LPM = 45;
/** Flow of a leak as wide as a finger, litres per minute. */
const LEAK_LPM = 20;
/** Maximum change of pump and valve, percent per second. */
const PUMP_RAMP = 25;
const VALVE_RAMP = 40;
const AMBIENT_C = 21;
const HEATER_ON_BELOW_C = 38;
const HEATER_OFF_ABOVE_C = 42;
/** Temperature change by the heater and the surroundings, per second. */
const HEATING_C = 0.4;
const COOLING_SHARE = 0.004;
/** Share of the remaining difference by which the pressure changes per second. */
const PRESSURE_SHARE = 0.6;
/** Additional pressure with a blocked outlet and running pump, above the high-high limit. */
const BLOCKED_BAR = 5;

/** Initial state when the controller starts. */
export const TANK_AT_START: Tank = {
  levelMm: 600,
  temperatureC: 40,
  pressureBar: 1.2,
  pumpPercent: 0,
  valvePercent: 0,
  inflowLpm: 0,
  outflowLpm: 0,
  heaterOn: false,
  filledMl: 9_007_199_254_740_993n,
};

/** Returns the tank after `seconds` with these commands and failures. */
export function stepTank(tank: Tank, commands: TankCommands, faults: TankFaults, seconds: number): Tank {
  const turns = commands.pumpOn && !faults.pumpOverload && faults.vfdFault === 0;
  const pumpPercent = approach(tank.pumpPercent, turns ? commands.pumpSetpointPercent : 0, PUMP_RAMP * seconds);
  const valvePercent = approach(tank.valvePercent, commands.valveSetpointPercent, VALVE_RAMP * seconds);
  const filter = faults.filterDirty ? 0.5 : 1;
  const inflowLpm = tank.levelMm < TANK_HEIGHT_MM ? (pumpPercent / 100) * FULL_INFLOW_LPM * filter : 0;
  const leak = faults.leak ? LEAK_LPM : 0;
  const outflowLpm = tank.levelMm > 0 ? (valvePercent / 100) * FULL_OUTFLOW_LPM + leak : 0;
  const change = ((inflowLpm - outflowLpm) / 60 / LITRES_PER_MM) * seconds;
  const levelMm = Math.min(TANK_HEIGHT_MM, Math.max(0, tank.levelMm + change));
  const heaterOn = tank.temperatureC < (tank.heaterOn ? HEATER_OFF_ABOVE_C : HEATER_ON_BELOW_C) && levelMm > 100;
  const heat = heaterOn ? HEATING_C * seconds : 0;
  const cooling = (tank.temperatureC - AMBIENT_C) * COOLING_SHARE * seconds;
  const restsAt = 0.6 + levelMm / TANK_HEIGHT_MM + pumpPercent / 100 + (faults.overpressure ? BLOCKED_BAR : 0);
  return {
    levelMm,
    temperatureC: tank.temperatureC + heat - cooling,
    pressureBar: tank.pressureBar + (restsAt - tank.pressureBar) * Math.min(1, PRESSURE_SHARE * seconds),
    pumpPercent,
    valvePercent,
    inflowLpm,
    outflowLpm,
    heaterOn,
    filledMl: tank.filledMl + BigInt(Math.round((inflowLpm / 60) * seconds * 1000)),
  };
}

/** Returns the time to reach a level at the pump setpoint, seconds; infinite if unreachable. */
export function secondsToFill(tank: Tank, commands: TankCommands, targetMm: number): number {
  const gain = ((commands.pumpSetpointPercent / 100) * FULL_INFLOW_LPM) / 60 / LITRES_PER_MM;
  return gain > 0 ? Math.max(0, targetMm - tank.levelMm) / gain : Number.POSITIVE_INFINITY;
}

function approach(from: number, to: number, most: number): number {
  return from + Math.min(most, Math.max(-most, to - from));
}
