/** A receiver of every kind for tests, which accepts only requests that match the documentation of its kind. */
export { openCheckingReceiver, type Taken } from './checking-receiver.ts';
export { IncidentStage } from './incident-stage.ts';
export { healedOf, incidentOf, NIGHT_MS, receiverOf } from './incidents.ts';
