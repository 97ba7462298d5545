import { optional } from './compose.ts';
import { FleetRobot } from './fleet.ts';
import { FleetOccurrence } from './fleet-issues.ts';
import * as Type from './type.ts';

/** What an export contains, and the filters that it has: those of the list. */
export const FLEET_EXPORT_FILTERS = {
  occurrences: [
    ...['robot', 'code', 'entity', 'severity', 'version', 'issue', 'state', 'since', 'until'],
    ...['site', 'label', 'group'],
  ],
  robots: ['state', 'presence', 'version', 'q', 'site', 'label', 'group'],
  events: ['robot', 'code', 'entity', 'severity', 'since', 'until', 'site', 'label', 'group'],
} as const;
export type FleetExportContent = keyof typeof FLEET_EXPORT_FILTERS;
export const FLEET_EXPORT_CONTENTS = ['occurrences', 'robots', 'events'] as const satisfies FleetExportContent[];
export const FLEET_EXPORT_FORMATS = ['ndjson', 'csv'] as const;
export type FleetExportFormat = (typeof FLEET_EXPORT_FORMATS)[number];

/** A record of the uplink log of a robot, as the hub stored it. */
export const FleetExportEvent = Type.Object({
  id: Type.String({ description: 'Number at the hub, in the order of receipt.' }),
  robot: Type.String(),
  seq: Type.Integer({ description: 'Number in the log of the robot.' }),
  kind: Type.String({ description: 'Such as `fault`, `boot` or `incident`.' }),
  boot: Type.Integer({ description: 'Start of the machine.' }),
  robot_time: Type.String({ format: 'date-time', description: 'By the clock of the robot.' }),
  at: Type.String({ format: 'date-time', description: 'By the clock of the hub.' }),
  uncertain_ms: optional(Type.Integer({ description: 'Width of that time; absent if unknown.' })),
  received: Type.String({ format: 'date-time' }),
  fault_code: optional(Type.String()),
  entity_id: optional(Type.String()),
  severity: optional(Type.Integer()),
  body: optional(Type.Unknown()),
});
export type FleetExportEvent = Type.Static<typeof FleetExportEvent>;

/** Columns of a table in CSV, in their order. */
export const FLEET_EXPORT_COLUMNS: Readonly<Record<FleetExportContent, readonly string[]>> = {
  occurrences: Object.keys(FleetOccurrence.properties),
  // The inventory is in the detail of one robot only.
  robots: Object.keys(FleetRobot.properties).filter((name) => name !== 'inventory'),
  events: Object.keys(FleetExportEvent.properties),
};
