/**
 * Incidents: events in the real world, each with the faults that it caused and what happened around them. The package
 * has no dependency on HTTP or a fault manager; callers pass it occurrences of faults.
 */

export { changesBetween } from './book/entry-changes.ts';
export { type IncidentBook, openIncidentBook } from './book/incident-book.ts';
export { changeRecords, mergeRecords, splitRecords } from './book/incident-changes.ts';
export { type IncidentEntries, type IncidentEntry, incidentEntries } from './book/incident-entry.ts';
export { type IncidentQuery, incidentPage, isIncidentCursor } from './book/incident-query.ts';
export type { Measured } from './evidence/crossing.ts';
export { evidenceOf } from './evidence/fault-evidence.ts';
export { measurementsOf } from './evidence/measurements.ts';
export { rootOf } from './grouping/group.ts';
export { buildIncident, isoTime } from './incident/build-incident.ts';
export { incidentFaults } from './incident/incident-faults.ts';
export { mergedIdsOf } from './incident/incident-id.ts';
export { evaluateRecords, type IncidentRecord } from './incident/incident-record.ts';
export { occurrenceOf } from './occurrence/fault-occurrence.ts';
export { endOf, type Occurrence, occurrenceKey } from './occurrence/occurrence.ts';
export { readIncidents } from './storage/incident-storage.ts';
export { INCIDENT_TABLES } from './storage/incident-tables.ts';
export { incidentRows } from './timeline/incident-rows.ts';
export { openTimeline, type Timeline, timelineSpan } from './timeline/timeline.ts';
export type { TimelineEntry, TimelineSpan } from './timeline/timeline-entry.ts';
export { timelinePage, timelinePlace } from './timeline/timeline-page.ts';
