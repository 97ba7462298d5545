/** A pack of seven lithium-ion cells. */
export interface Battery {
  /** 0 (empty) to 1 (full). */
  readonly charge: number;
  readonly voltageV: number;
  /** Negative while discharging. */
  readonly currentA: number;
}

export const CAPACITY_AH = 40;
export const CELLS = 7;
/** Default voltage below which the robot stops. */
export const LOW_VOLTAGE_V = 22;

const FULL_V = 25.6;
const EMPTY_V = 22.6;
const RESISTANCE_OHM = 0.04;
const DRIVING_A = -9.5;
const IDLE_A = -1.8;
const CHARGING_A = 20;
/** Voltage to which a failing cell pulls the pack within seconds, independent of its charge. */
const FAILING_V = 21.3;
const SAG_V_PER_SEC = 0.8;
/** Time factor, so that a one-minute round is visible in the voltage. */
const TIME_LAPSE = 12;

export interface BatteryLoad {
  readonly driving: boolean;
  readonly charging: boolean;
  /** A cell is failing. */
  readonly failing: boolean;
}

export const FULL_BATTERY: Battery = { charge: 0.97, voltageV: restVoltage(0.97), currentA: IDLE_A };

function restVoltage(charge: number): number {
  return EMPTY_V + (FULL_V - EMPTY_V) * charge;
}

/** The battery after `stepSec` under a load. */
export function drain({ charge, voltageV }: Battery, load: BatteryLoad, stepSec: number): Battery {
  const charging = load.charging && !load.failing;
  const currentA = charging ? CHARGING_A : load.driving ? DRIVING_A : IDLE_A;
  const next = Math.max(0.05, Math.min(1, charge + (currentA * stepSec * TIME_LAPSE) / 3600 / CAPACITY_AH));
  const target = load.failing ? FAILING_V : restVoltage(next) + currentA * RESISTANCE_OHM;
  const step = SAG_V_PER_SEC * stepSec;
  return { charge: next, currentA, voltageV: voltageV + Math.max(-step, Math.min(step, target - voltageV)) };
}
