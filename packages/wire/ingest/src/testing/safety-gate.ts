import type { Declaration } from '../declaration/declaration.ts';

/** A safety gate that stops a robot in front of an obstacle. Declared by tests, benchmarks and the example senders. */
export const SAFETY_GATE: Declaration = {
  runtime: 'RTMaps',
  area: { id: 'safety_island', name: 'Safety Island' },
  components: [{ id: 'safety_controller', name: 'Safety controller' }],
  apps: [
    {
      id: 'safety_gate',
      name: 'Safety gate',
      component: 'safety_controller',
      ports: [
        { id: 'commanded_vx', type: 'float64', unit: 'm/s', role: 'commanded' },
        { id: 'min_range_m', type: 'float64', unit: 'm', role: 'measured' },
        { id: 'stop_threshold_m', type: 'float64', unit: 'm', role: 'threshold', of: 'min_range_m' },
      ],
      faults: [{ code: 'PROTECTIVE_STOP', severity: 2, description: 'An obstacle is nearer than the stop threshold' }],
    },
  ],
};
