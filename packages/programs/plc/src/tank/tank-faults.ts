/** What is broken at the tank. */
export interface TankFaults {
  readonly pumpOverload: boolean;
  /** The way out of the tank is blocked. */
  readonly overpressure: boolean;
  readonly leak: boolean;
  /** The wire to the sensor of the temperature is broken. */
  readonly sensorBroken: boolean;
  readonly filterDirty: boolean;
  /** Code of the drive of the pump; 0 is none. */
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

/** Codes of the drive, as its maker would list them. */
export const VFD_OVERCURRENT = 11;

/** What can go wrong with the tank, by the name that `inject` takes. */
export const PLC_SCENARIOS = {
  'pump-overload': { about: 'the motor of the pump draws too much and is switched off', set: { pumpOverload: true } },
  overpressure: { about: 'the way out of the tank is blocked and its pressure rises', set: { overpressure: true } },
  leak: { about: 'the tank loses what is in it', set: { leak: true } },
  'sensor-broken': { about: 'the temperature has no good quality any more', set: { sensorBroken: true } },
  'filter-dirty': {
    about: 'the filter is dirty: half of the inflow, and a bit of the status word',
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

/** The faults with one more of the scenarios, or without it. */
export function withScenario(faults: TankFaults, name: PlcScenarioName, isOn: boolean): TankFaults {
  const { set } = PLC_SCENARIOS[name];
  if (isOn) return { ...faults, ...set };
  const cleared = Object.fromEntries(Object.keys(set).map((key) => [key, NO_FAULTS[key as keyof TankFaults]]));
  return { ...faults, ...cleared };
}
