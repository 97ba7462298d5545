/**
 * The uplink of a robot: its enrolment at a fleet hub, and its log. The log has numbered records of what happens on the
 * robot, which the hub reads from a cursor. A record is written in the transaction of the change that it reports.
 */

export {
  type BudgetRefusal,
  type BudgetState,
  type ClassUse,
  type DataBudget,
  openDataBudget,
} from './budget/data-budget.ts';
export { CLASS_HEADER, TRAFFIC_CLASSES, type TrafficClass, trafficClass } from './budget/traffic-class.ts';
export {
  hubFolders,
  isHub,
  MAX_ENROLMENTS,
  type NamedHub,
  type StoredHub,
  storedHubs,
} from './enrolment/enrolled-hubs.ts';
export { type Enrolment, hubName } from './enrolment/enrolment.ts';
export { UplinkFileBroken, type UplinkFiles, type UplinkFolder, uplinkFolder } from './enrolment/uplink-folder.ts';
export { EVIDENCE_TRIGGERS } from './log/evidence-triggers.ts';
export type { CursorOutcome, EnrolledHub, HubCursor, HubPosition, UplinkHead } from './log/hub-position.ts';
export { type LogOwners, openUplinkLog, type UplinkLog, type UplinkLogOptions } from './log/open-uplink-log.ts';
export type { RecordLine } from './log/record-lines.ts';
export { faultClass, type NewRecord, RECORD_CLASSES, type RecordKind } from './log/uplink-record.ts';
export { UPLINK_TABLES } from './log/uplink-tables.ts';
