/** Measured values from freeze frames, for packages that display them without using incidents. */
export { crossingOf, formatCrossing } from './crossing.ts';
export { type Channel, channelsOf, measurementsOf, type Threshold } from './measurements.ts';
