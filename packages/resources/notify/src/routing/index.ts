/** The decisions about notifications, without delivery: for a replay. */
export { type DeliveryState, NOTHING_REPORTED } from '../delivery-state/delivery-state.ts';
export { RECEIVER_KINDS } from '../kinds/receiver-kinds.ts';
export type { NotificationKind } from '../message/notification.ts';
export type { Receiver } from '../receiver/receiver.ts';
export { type Decision, decide } from './decide.ts';
export { type Gatekeeper, gatekeeper } from './gate.ts';
export { matchesRoute, wantsNews } from './incident-scope.ts';
