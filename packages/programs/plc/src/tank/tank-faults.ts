/** Failures of the tank. */
export interface TankFaults {
  readonly pumpOverload: boolean;
  /** The outlet of the tank is blocked. */
  readonly overpressure: boolean;
  readonly leak: boolean;
  /** The wire to the temperature sensor is broken. */
  readonly sensorBroken: boolean;
  readonly filterDirty: boolean;
  /** Fault code of the pump drive; 0 for no fault. */
  readonly vfdFault: number;
}

export const NO_FAULTS: TankFaults = {
  pumpOverload: false,
  overpressure: false,
  leak: false,
  sensorBroken: false,
  filterDirty: false,
  vfdFault: 0,
};

/** Fault codes of the drive. */
const VFD_OVERCURRENT = 11;

/** Failure scenarios, by the name that `inject` takes. */
const PLC_SCENARIOS = {
  'pump-overload': {
    about: 'the motor of the pump draws too much current and is switched off',
    set: { pumpOverload: true },
  },
  overpressure: { about: 'the outlet of the tank is blocked, and the pressure rises', set: { overpressure: true } },
  leak: { about: 'the tank leaks', set: { leak: true } },
  'sensor-broken': { about: 'the temperature has bad quality', set: { sensorBroken: true } },
  'filter-dirty': {
    about: 'the filter is dirty: half the inflow, and a bit set in the status word',
    set: { filterDirty: true },
  },
  'vfd-fault': { about: 'the drive of the pump stops with overcurrent', set: { vfdFault: VFD_OVERCURRENT } },
} as const satisfies Readonly<Record<string, { readonly about: string; readonly set: Partial<TankFaults> }>>;

export type PlcScenarioName = keyof typeof PLC_SCENARIOS;

export const PLC_SCENARIO_NAMES = Object.keys(PLC_SCENARIOS) as readonly PlcScenarioName[];

export function isPlcScenarioName(name: string): name is PlcScenarioName {
  return Object.hasOwn(PLC_SCENARIOS, name);
}

export function isScenarioOn(faults: TankFaults, name: PlcScenarioName): boolean {
  const entries = Object.entries(PLC_SCENARIOS[name].set);
  return entries.every(([key, value]) => faults[key as keyof TankFaults] === value);
}

/** Returns the faults with a scenario added or removed. */
export function withScenario(faults: TankFaults, name: PlcScenarioName, isOn: boolean): TankFaults {
  const { set } = PLC_SCENARIOS[name];
  if (isOn) return { ...faults, ...set };
  const cleared = Object.fromEntries(Object.keys(set).map((key) => [key, NO_FAULTS[key as keyof TankFaults]]));
  return { ...faults, ...cleared };
}
