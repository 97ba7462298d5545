import { type FleetRetention, MAX_RUNNING_CAMPAIGNS } from '@medkit/contract';
import type { Log } from '@medkit/core';
import type { Clock, Random } from '@medkit/edges';
import type { Row, Store } from '@medkit/store';
import type { Farewell } from '@medkit/tunnel';
import type { FleetView } from './fleet-view.ts';
import type { HubSecrets } from './hub/hub-secrets.ts';
import type { Fingerprint, IssueFacts } from './issues/fingerprint.ts';
import type { RobotPings } from './sessions/robot-pings.ts';
import type { SiteSchedule } from './sites/site-schedules.ts';

export type FleetStore = Pick<Store, 'read' | 'write'>;

/** A committed change, for pages that follow and for sessions that must end. */
export interface FleetChange {
  /** Name of the robot; empty if groups or sites changed. */
  readonly robot: string;
  /**
   * `robot`: enrolment, description or a problem. `tree`: the entity tree of the robot may have changed. `events`: fault
   * events were stored. `evidence`: the robot reported evidence, or that it removed some. `groups`: groups or sites changed.
   * `campaigns`: a campaign changed. `queue`: a request for the robot was queued, or its state changed.
   */
  readonly topic: 'robot' | 'presence' | 'faults' | 'tree' | 'events' | 'evidence' | 'groups' | 'campaigns' | 'queue';
  /** Set if the session of the robot must end: why, and when the robot may return. */
  readonly ended?: Farewell;
}

/** Settings `fleet.quota`; 0 is no limit. */
export interface FleetQuotas {
  readonly robots: number;
  readonly evidenceBytes: number;
  readonly eventsPerDay: number;
  /** 1 to `MAX_RUNNING_CAMPAIGNS`. */
  readonly campaigns: number;
}

export const NO_QUOTAS: FleetQuotas = {
  robots: 0,
  evidenceBytes: 0,
  eventsPerDay: 0,
  campaigns: MAX_RUNNING_CAMPAIGNS,
};

/** What all parts of the record use. */
export interface FleetContext {
  readonly store: FleetStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly secrets: HubSecrets;
  /** Maximum robots that are not retired. */
  readonly maxRobots: number;
  readonly quotas: FleetQuotas;
  readonly pings: RobotPings;
  readonly retention: FleetRetention;
  /** The schedules of sites, as `fleet_sites` has them. */
  readonly schedules: Map<string, SiteSchedule>;
  /** Identifies the issue of an occurrence. */
  readonly fingerprintOf: (facts: IssueFacts) => Fingerprint;
  readonly log: Log;
  /** Runs tasks that check and then write, one at a time. */
  readonly exclusive: <T>(work: () => Promise<T>) => Promise<T>;
  readonly notify: (change: FleetChange) => void;
  /** What the caller may see; the whole fleet unless given. */
  readonly view?: FleetView;
}

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** Wall clock in whole milliseconds. */
export const nowMs = ({ clock }: Pick<FleetContext, 'clock'>): number => Math.floor(clock.wallMs());

export const textOf = (value: Row[string]): string => String(value);
/** Returns the text of a column; `undefined` for NULL. */
export const optionalText = (value: Row[string] | undefined): string | undefined =>
  value === null || value === undefined ? undefined : String(value);
/** Returns the number of a column; `undefined` for NULL. */
export const optionalNumber = (value: Row[string] | undefined): number | undefined =>
  value === null || value === undefined ? undefined : Number(value);
/** Returns a time in milliseconds since 1970 as the contract has it. */
export const isoTime = (ms: number): string => new Date(ms).toISOString();
