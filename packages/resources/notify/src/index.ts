/**
 * Notifications about incidents: routes by severity, entity and time, quiet hours, repeats until an acknowledgement,
 * and message formats for eight kinds of receivers. Delivers through the outbox of webhooks. Knows neither the HTTP
 * server nor how incidents are detected.
 */
export type { HeartbeatFacts } from './heartbeat/heartbeat.ts';
export type { IncidentSource } from './incident-source.ts';
export { Notify, type ReceiverTest } from './notify.ts';
export type { Receiver } from './receiver/receiver.ts';
export type { IncidentPlaces } from './routing/incident-places.ts';
