/**
 * The uplink log: numbered records of what happens on a robot, for a fleet hub that reads them from a cursor. A record
 * is written in the transaction of the change that it reports.
 */

export {
  type CursorOutcome,
  type HubCursor,
  openUplinkLog,
  type UplinkHead,
  type UplinkLog,
  type UplinkLogOptions,
} from './log/open-uplink-log.ts';
export type { RecordLine } from './log/record-lines.ts';
export { faultClass, type NewRecord, RECORD_CLASSES, type RecordKind } from './log/uplink-record.ts';
export { UPLINK_TABLES } from './log/uplink-tables.ts';
