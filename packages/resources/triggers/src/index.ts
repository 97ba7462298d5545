/** Triggers: conditions on values and events of the robot, their evaluation, and the history of their events. */
export type { ConditionEvaluators } from './conditions/condition.ts';
export type { EventHistory } from './event-history.ts';
export { openTriggers, type Triggers } from './open-triggers.ts';
export type { RemoteFault, RemoteFaultSource } from './sources/remote-event-source.ts';
export type { TriggerEvent, TriggerProgress, TriggerRecord } from './trigger.ts';
export { triggerHref } from './trigger-item.ts';
export type { StoredTrigger, TriggerNews, TriggerRecords } from './trigger-records.ts';
export type { TriggerDelivery, TriggerService } from './trigger-service.ts';
