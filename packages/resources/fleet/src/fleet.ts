import type {
  FleetExportContent,
  FleetFault,
  FleetGroup,
  FleetGroupSelector,
  FleetInvitation,
  FleetInvitationRequest,
  FleetOverview,
  FleetParkRequest,
  FleetPresence,
  FleetPresenceList,
  FleetQuotaUse,
  FleetRetention,
  FleetRobot,
  FleetRobotChange,
  FleetSite,
  FleetSiteSchedule,
} from '@medkit/contract';
import type { Log } from '@medkit/core';
import type { Clock, Random } from '@medkit/edges';
import type { HubRecord, Identity, Refusal } from '@medkit/tunnel';
import type { FleetArtifacts } from './artifacts/fleet-artifacts.ts';
import type { FleetCampaigns } from './campaigns/fleet-campaigns.ts';
import type { ChangeOutbox } from './changes/change-outbox.ts';
import type { EvidenceReads, EvidenceRecord } from './evidence/evidence-record.ts';
import type { ExportPages } from './export/encode-rows.ts';
import type { ExportFilters } from './export/export-fleet.ts';
import type { FaultEventLog } from './faults/fault-events.ts';
import type { FleetFaultQuery } from './faults/list-faults.ts';
import type { FleetChange, FleetQuotas, FleetStore } from './fleet-context.ts';
import type { FleetView } from './fleet-view.ts';
import type { FleetScope } from './groups/resolve-view.ts';
import type { UplinkReader } from './ingest/uplink-reader.ts';
import type { CreatedInvitation } from './invitations/invitations.ts';
import type { IssueRule } from './issues/fingerprint.ts';
import type { FleetIssues } from './issues/fleet-issues.ts';
import type { KnownState } from './known/known-state.ts';
import type { QueueEngine, QueueEngineOptions } from './queue/queue-engine.ts';
import type { FleetRequestQueue } from './queue/queue-requests.ts';
import type { EventArchive } from './retention/archive-events.ts';
import type { FleetPage, RobotQuery } from './robots/list-robots.ts';
import type { OpenSession } from './sessions/renew-sessions.ts';
import type { RobotPings } from './sessions/robot-pings.ts';
import type { FleetSession } from './sessions/sessions.ts';

export interface FleetOptions {
  /** Opened with `FLEET_TABLES`, by one process. */
  readonly store: FleetStore;
  readonly clock: Clock;
  readonly random: Random;
  /** Content of `fleet.secret_file`, 32 bytes. */
  readonly secret: Uint8Array;
  /** Longest time between two pings of a robot, seconds; default 25. */
  readonly keepaliveMaxSec?: number;
  /** Stores events before they are removed because of their age; unless given, they are only removed. */
  readonly archive?: EventArchive;
  /** Settings `fleet.retention`; default `FLEET_RETENTION`. */
  readonly retention?: FleetRetention;
  /** Whether the store is in PostgreSQL, where events have a partition for each month. */
  readonly hasPartitions?: boolean;
  /** Maximum robots that are not retired; default `MAX_ROBOTS`. */
  readonly maxRobots?: number;
  /** Settings `fleet.quota`; without limits unless given. */
  readonly quotas?: FleetQuotas;
  /** The pings of connected robots; if absent, no robot is late. */
  readonly pings?: RobotPings;
  /** Setting `fleet.issue_rules`. */
  readonly issueRules?: readonly IssueRule[];
  readonly log: Log;
}

/**
 * What people ask of a fleet and change in it. Throws `FleetNotFound`, `FleetInvalid`, `FleetConflict` or
 * `FleetOutside`; all calls reject with the `StoreError` of the store.
 */
export interface FleetRequests {
  /** Creates an invitation. Its code is returned only here. */
  invite(request: FleetInvitationRequest, by: string): Promise<CreatedInvitation>;
  invitations(): Promise<readonly FleetInvitation[]>;
  /** Returns false if there is no such invitation. */
  withdraw(id: string): Promise<boolean>;

  approve(robot: string, by: string): Promise<FleetRobot>;
  /** Revokes the keys of a robot; `onChange` reports the session that must end. */
  revoke(robot: string): Promise<FleetRobot>;
  /** Requests a new key of a robot; `onChange` reports the session that must end. */
  rotate(robot: string): Promise<FleetRobot>;
  /** Revokes the keys of a robot, and removes it from lists. */
  retire(robot: string): Promise<void>;
  /** Returns an invitation for a new machine of this robot. */
  replace(robot: string, by: string): Promise<CreatedInvitation>;
  /** Ends a quarantine: `keep` accepts the next machine with the key, `replace` revokes it and invites another one. */
  settle(
    robot: string,
    action: 'keep' | 'replace',
    by: string,
  ): Promise<{ readonly robot: FleetRobot; readonly invitation?: CreatedInvitation }>;
  describe(robot: string, change: FleetRobotChange): Promise<FleetRobot>;
  robots(query: RobotQuery): Promise<FleetPage<FleetRobot>>;
  /** Returns `undefined` if the hub has no such robot. */
  robot(name: string): Promise<FleetRobot | undefined>;

  /** Announces that a robot will be away. Replaces an earlier announcement. */
  park(robot: string, request: FleetParkRequest, by: string): Promise<FleetRobot>;
  /** Returns false if the robot is not parked. */
  unpark(robot: string): Promise<boolean>;
  /** Lists the changes of presence of a robot, the newest first. */
  presence(robot: string, query: { readonly limit?: number; readonly cursor?: string }): Promise<FleetPresenceList>;

  /** Lists the sites that have a schedule or robots, by name. */
  sites(): Promise<readonly FleetSite[]>;
  setSite(site: string, schedule: FleetSiteSchedule, by: string): Promise<FleetSite>;
  /** Returns false if the site has no schedule. */
  deleteSite(site: string): Promise<boolean>;

  /** Lists the groups, by name. */
  groups(): Promise<readonly FleetGroup[]>;
  createGroup(id: string, selector: FleetGroupSelector, by: string): Promise<FleetGroup>;
  changeGroup(id: string, selector: FleetGroupSelector, by: string): Promise<FleetGroup>;
  /** Reads the names of the robots of each group; retired robots are in none. */
  groupMembers(): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Returns false if there is no such group. */
  deleteGroup(id: string): Promise<boolean>;

  /** Counts robots and active faults. */
  counts(): Promise<FleetOverview>;
  /** Lists the active faults of all robots, the most severe first. */
  faults(query: FleetFaultQuery): Promise<FleetPage<FleetFault>>;

  /** Returns all rows that match the filters, in pages that are read when they are requested. */
  exported(what: FleetExportContent, filters: ExportFilters): Promise<ExportPages>;

  /** Occurrences of faults on the robots, and the issues that they form. */
  readonly issues: FleetIssues;
  /** The evidence of faults of the robots. */
  readonly evidence: EvidenceReads;
  /** Requests that wait for robots that are away. */
  readonly queue: FleetRequestQueue;
}

/**
 * The record of a fleet hub. All calls reject with the `StoreError` of the store.
 */
export interface Fleet extends FleetRequests, UplinkReader {
  /** The key of the hub. */
  readonly identity: Identity;
  /** Returns the decisions for the handshake of one connection from this address. */
  record(connection: { readonly address: string }): HubRecord;

  /** Resolves what a caller with these scopes may see now: robots in a scope of each list. */
  view(scopes: readonly (readonly FleetScope[])[]): Promise<FleetView>;
  /** Returns the fleet as a caller with this view has it: all else does not exist. */
  within(view: FleetView): FleetRequests;

  /** Notes an open uplink and takes its lease: earlier sessions of the robot write nothing from now on. */
  connected(robot: string, session: FleetSession): Promise<{ readonly epoch: number } | Refusal>;
  disconnected(robot: string, epoch: number, reason: string): Promise<void>;
  /** Makes leases and presence agree with the open sessions, after the database was away: it may be an older copy. */
  renew(sessions: readonly OpenSession[]): Promise<void>;
  /** Notes that these robots sent a ping or data: once a minute, for all of them. */
  seen(robots: readonly string[]): Promise<void>;

  /** Returns the use of each quota that is limited, except that of requests. */
  quotaUse(): Promise<readonly FleetQuotaUse[]>;
  /** Counts approved robots by presence. */
  presences(): Promise<Readonly<Partial<Record<FleetPresence, number>>>>;
  /** The fault events of all robots; `onChange` reports new ones as `events`. */
  readonly faultEvents: FaultEventLog;

  /** What is known of robots that are away. */
  readonly known: KnownState;

  /** The evidence of faults of all robots; `onChange` reports new evidence as `evidence`. */
  readonly evidence: EvidenceRecord;

  /** Artifacts of updates for campaigns. */
  readonly artifacts: FleetArtifacts;
  /** Changes that are carried to many robots in waves; `onChange` reports changes as `campaigns`. */
  readonly campaigns: FleetCampaigns;

  /** The changes that wait for publication. */
  readonly changes: ChangeOutbox;

  /** Opens what sends queued requests; `onChange` reports changes as `queue`. */
  queueEngine(options: QueueEngineOptions): QueueEngine;

  /** Calls `listener` after each committed change. Returns a function that stops it. */
  onChange(listener: (change: FleetChange) => void): () => void;
  /** Removes what is older than its retention. Runs automatically each hour, and so does the rotation of old keys. */
  tidy(): Promise<void>;
  /** Returns why events are in none of the monthly partitions on PostgreSQL; `undefined` if all are. */
  partitionProblem(): string | undefined;
  /** Ends the automatic retention. The store stays open. */
  close(): void;
}
