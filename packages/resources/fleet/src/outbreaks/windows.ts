import type { FleetPresence, OutbreakKind } from '@medkit/contract';
import type { CampaignChange } from '../campaigns/recent-changes.ts';
import { MAX_ROBOTS_ON_POSTGRES } from '../handshake/enrol.ts';

/**
 * Maximum robots of a stored outbreak: each robot of the largest hub, because accounts that are limited to sites have the
 * outbreaks of their robots.
 */
export const MAX_OUTBREAK_MEMBERS = MAX_ROBOTS_ON_POSTGRES;
/** Length of the longest window that is judged. */
export const DAY_MS = 86_400_000;

/** A robot that the hub has approved, as it is now. */
export interface RobotNow {
  readonly name: string;
  readonly site: string | undefined;
  /** Version of its software, otherwise of medkit; `undefined` before it connected. */
  readonly version: string | undefined;
  readonly presence: FleetPresence | 'quarantined';
  /** Last change between connected and not connected, milliseconds. */
  readonly sinceMs: number | undefined;
  /** Version of medkit; `undefined` before it connected. */
  readonly medkit: string | undefined;
  /** Since when the hub refuses it because it speaks old versions of the uplink only, milliseconds. */
  readonly outdatedMs: number | undefined;
  /** Its connects within the last hour, without those after a restart of the hub. */
  readonly connects: RobotConnects;
  /** Problems of the robot that are outbreaks of one robot. */
  readonly problems: readonly RobotProblem[];
}

export interface RobotConnects {
  readonly count: number;
  /** Time of the first one; `undefined` if there is none. */
  readonly firstMs: number | undefined;
}

export interface RobotProblem {
  readonly kind: Extract<OutbreakKind, 'cloned' | 'log_gap' | 'clock_off' | 'budget_spent' | 'audit_rewritten'>;
  readonly strength: 'opens' | 'holds';
  readonly sinceMs: number;
  readonly about: string;
}

/** One occurrence of a confirmed fault that began within an hour, or is active. Times are those of the hub. */
export interface OccurrenceNow {
  readonly issue: string;
  readonly robot: string;
  /** Site and version of the robot when it began. */
  readonly site: string | undefined;
  readonly version: string | undefined;
  readonly severity: number;
  readonly code: string;
  readonly entity: string | undefined;
  /** Id of the incident at the robot. */
  readonly incident: string | undefined;
  readonly beganMs: number;
  readonly endedMs: number | undefined;
  /** Width of the interval in which it began; `undefined` if only the latest time is known. */
  readonly uncertainMs: number | undefined;
}

/** Running hours and occurrences of errors of one version within a day. */
export interface VersionNow {
  readonly version: string;
  readonly hours: number;
  /** Occurrences whose time is certain. */
  readonly errors: number;
  /** Occurrences whose time is uncertain by more than a day. */
  readonly uncounted: number;
  /** Robots with an occurrence. */
  readonly members: readonly Member[];
}

/** A robot of an outbreak. */
export interface Member {
  readonly robot: string;
  readonly site?: string;
  readonly version?: string;
  readonly beganMs: number;
  readonly endedMs?: number;
  readonly code?: string;
  readonly entity?: string;
  /** Id of the incident at the robot. */
  readonly incident?: string;
  /** The highest of its faults; absent if each robot of the outbreak has the severity of the outbreak. */
  readonly severity?: number;
  /** When it changed to its version, if that was within a day before the outbreak. */
  readonly changedMs?: number;
  /** Campaigns that changed it within a day before the outbreak. */
  readonly campaigns?: readonly Pick<CampaignChange, 'atMs' | 'campaign'>[];
}

/** An outbreak that is stored. */
export interface StoredOutbreak {
  readonly id: number;
  readonly kind: OutbreakKind;
  readonly subject: string;
  readonly beganMs: number;
  readonly endedMs: number | undefined;
  readonly severity: number;
  readonly name: string;
  readonly about: string;
  /** At most `MAX_OUTBREAK_MEMBERS`. */
  readonly members: readonly Member[];
  /** Number of all robots that had a part in it. */
  readonly robots: number;
}

/** Everything that the judge reads. */
export interface Windows {
  readonly nowMs: number;
  /** Start of this process: a robot is not missing before the hub could receive it. */
  readonly startedMs: number;
  readonly robots: readonly RobotNow[];
  readonly occurrences: readonly OccurrenceNow[];
  readonly versions: readonly VersionNow[];
  /** Outbreaks that are open, and the last one of each subject that ended within a day. */
  readonly known: readonly StoredOutbreak[];
}

export interface OutbreakSettings {
  /** Robots with one issue within an hour that are an outbreak. */
  readonly robots: number;
  /** Time after which a robot that is offline is lost. */
  readonly lostAfterMs: number;
  /** Time for which an outbreak must be over before it ends. */
  readonly calmMs: number;
  /** Oldest version of medkit that robots may have; `undefined` if each may. */
  readonly oldestMedkit: string | undefined;
}

/** What a rule found for a subject now. */
export interface Finding {
  readonly kind: OutbreakKind;
  readonly subject: string;
  /** `opens`: enough for an outbreak. `holds`: only an outbreak that is open continues. */
  readonly strength: 'opens' | 'holds';
  readonly severity: number;
  /** Name of the subject for people. */
  readonly name: string;
  readonly about: string;
  readonly members: readonly Member[];
  /** Occurrences that were left out, because their time is too uncertain. */
  readonly uncounted: number;
}
