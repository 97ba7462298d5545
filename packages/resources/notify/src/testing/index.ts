/** A receiver of every kind, for tests: it takes what the documentation of its kind has, and nothing else. */
export { openCheckingReceiver, type Taken } from './checking-receiver.ts';
export { IncidentStage } from './incident-stage.ts';
export { healedOf, incidentOf, NIGHT_MS, receiverOf } from './incidents.ts';
