/**
 * Notifications about incidents: routes by severity, entity and time, quiet hours, repeats until an acknowledgement,
 * and message formats for eight kinds of receivers. Delivers through the outbox of webhooks. Knows neither the HTTP
 * server nor how incidents are detected.
 */
export type { AcknowledgeLink } from './acknowledge/acknowledge-links.ts';
export { NOTIFY_TABLES } from './delivery-state/notify-tables.ts';
export type { HeartbeatFacts } from './heartbeat/heartbeat.ts';
export { FAILING_FROM } from './heartbeat/heartbeat.ts';
export type { IncidentSource } from './incident-source.ts';
export type { Endpoint, ReceiverType } from './kinds/receiver-kinds.ts';
export type { SeverityName } from './message/content.ts';
export {
  type Acknowledgement,
  Notify,
  type NotifyFacts,
  type NotifyOptions,
  type NotifyParts,
  type ReceiverTest,
} from './notify.ts';
export { DAY_MINUTES, type Hours, localTime, SHORTEST_MINUTES } from './receiver/hours.ts';
export {
  type Receiver,
  type Route,
  secretsOf,
} from './receiver/receiver.ts';
export { ACKNOWLEDGE_PATH } from './receiver-requests.ts';
