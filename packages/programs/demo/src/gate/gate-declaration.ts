import type { Declaration, FaultResult } from '@medkit/ingest';
import type { GateSettings } from './gate-settings.ts';
import type { GateCycle } from './safety-gate.ts';

/** Declaration of the gate for a gateway: a separate controller with its settings. */
export const GATE_DECLARATION: Declaration = {
  runtime: 'RTMaps',
  area: { id: 'safety_island', name: 'Safety Island' },
  components: [{ id: 'safety_controller', name: 'Safety controller' }],
  apps: [
    {
      id: 'safety_gate',
      name: 'Safety gate',
      component: 'safety_controller',
      ports: [
        { id: 'commanded_vx', type: 'float64', unit: 'm/s', role: 'commanded', label: 'speed' },
        { id: 'min_range_m', type: 'float64', unit: 'm', role: 'measured', label: 'nearest obstacle' },
        {
          id: 'stop_threshold_m',
          type: 'float64',
          unit: 'm',
          role: 'threshold',
          of: 'min_range_m',
          label: 'stops below',
          blocks_motion: true,
        },
        { id: 'wanted_vx', type: 'float64', unit: 'm/s', label: 'wanted speed' },
        { id: 'scan_age_ms', type: 'float64', unit: 'ms', label: 'age of the scan' },
        { id: 'cycles', type: 'int64' },
        { id: 'missed_cycles', type: 'int64' },
        { id: 'stopped', type: 'bool' },
      ],
      faults: [
        {
          code: 'PROTECTIVE_STOP',
          severity: 2,
          description: 'Obstacle within the stop distance: the gate stops the robot',
          ports: ['commanded_vx', 'min_range_m', 'stop_threshold_m'],
        },
        {
          code: 'SCAN_STALE',
          severity: 2,
          description: 'No fresh scan: the gate fails closed',
          ports: ['scan_age_ms', 'commanded_vx', 'wanted_vx'],
        },
      ],
    },
  ],
};

/** Returns the port values after a cycle, in the order of the declaration. Unknown values are 0, because all are numbers. */
export function portsOf(
  { inputs, decision, counts }: GateCycle,
  { stopThresholdM }: Pick<GateSettings, 'stopThresholdM'>,
): readonly (number | boolean)[] {
  const { scan, wanted, nowMs } = inputs;
  return [
    decision.commanded.linearMps,
    known(decision.minRangeM),
    stopThresholdM,
    known(wanted?.velocity.linearMps ?? 0),
    nowMs - (scan?.arrivedMs ?? decision.startedMs),
    counts.cycles,
    counts.missed,
    decision.stopped,
  ];
}

/** Returns the fault test results, in the order of the declaration. */
export function resultsOf({ decision }: Pick<GateCycle, 'decision'>): readonly FaultResult[] {
  return [decision.fault, decision.scanFault];
}

const known = (value: number): number => (Number.isFinite(value) ? value : 0);
