/**
 * The record of a fleet hub: robots with their keys and invitations, the decisions of handshakes, sessions, and what the
 * hub has read of the uplink logs. Independent of HTTP.
 */

export type { FleetArtifacts } from './artifacts/fleet-artifacts.ts';
export { artifactKey, readArtifact, type StoredArtifact } from './artifacts/read-artifact.ts';
export type { CampaignOutcome, CampaignWork } from './campaigns/campaign-engine.ts';
export type { FleetCampaigns } from './campaigns/fleet-campaigns.ts';
export type { GateStop, GateStops } from './campaigns/gate-stops.ts';
export type { ChangeOutbox, OutboxState, WaitingChange } from './changes/change-outbox.ts';
export type { EvidenceQuery, EvidenceRecord } from './evidence/evidence-record.ts';
export type { IsNewIssue, NewEvidence } from './evidence/judge-evidence.ts';
export { type Transfer, type Transfers, transferDelayMs } from './evidence/transfers.ts';
export { type ExportPages, encodeRows } from './export/encode-rows.ts';
export type { ExportFilters } from './export/export-fleet.ts';
export type { FaultEventLog, FleetFaultEvent } from './faults/fault-events.ts';
export type { FleetFaultQuery } from './faults/list-faults.ts';
export type { Fleet, FleetOptions, FleetRequests } from './fleet.ts';
export type { FleetChange, FleetQuotas } from './fleet-context.ts';
export {
  FleetConflict,
  FleetInvalid,
  FleetNotFound,
  FleetOutside,
  FleetQuotaReached,
  FleetRefused,
} from './fleet-refused.ts';
export { FLEET_TABLES } from './fleet-tables.ts';
export type { FleetView } from './fleet-view.ts';
export type { FleetScope } from './groups/resolve-view.ts';
export { MAX_ROBOTS, MAX_ROBOTS_ON_POSTGRES } from './handshake/enrol.ts';
export type { IngestOutcome, IngestPart } from './ingest/ingest.ts';
export type { RecordLine } from './ingest/log-lines.ts';
export type { CreatedInvitation } from './invitations/invitations.ts';
export type { FaultWithoutDetail, KnownState, ReadBy, StoredDocument } from './known/known-state.ts';
export { openFleet } from './open-fleet.ts';
export { followOutbreaks, type OutbreakOptions, type Outbreaks } from './outbreaks/follow-outbreaks.ts';
export { type LimitedOutbreaks, limitedOutbreaks } from './outbreaks/limited-outbreaks.ts';
export type { FleetOutbreak } from './outbreaks/outbreak-rows.ts';
export type { OutbreakSettings } from './outbreaks/windows.ts';
export type { MayAct, QueueEngine, QueueOutcome, QueueStep, QueueWork } from './queue/queue-engine.ts';
export type { FleetRequestQueue } from './queue/queue-requests.ts';
export { NotQueueable, permissionOf } from './queue/queueable.ts';
export type { ArchivePart, RobotCall, RobotReply } from './requests/robot-request.ts';
export type { EventArchive } from './retention/archive-events.ts';
export type { FleetPage, RobotQuery } from './robots/list-robots.ts';
export { HUB_REASONS } from './robots/presence.ts';
export type { StoredCursor } from './robots/robot-rows.ts';
export { type RobotPings, robotPings } from './sessions/robot-pings.ts';
export type { FleetSession } from './sessions/sessions.ts';
