/** What freeze frames tell of measured values, for whoever shows them and keeps no incidents. */
export { crossingInWords, crossingOf } from './crossing.ts';
export { type Channel, channelsOf, measurementsOf, type Threshold } from './measurements.ts';
