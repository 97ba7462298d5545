import type { Incident } from '@medkit/contract';

/** Kinds of notifications about an incident. */
export type NotificationKind =
  | 'opened'
  | 'worse'
  | 'reopened'
  /** Reminder: no person has acknowledged it. */
  | 'repeated'
  /** Still open, for receivers whose alerts expire unless they are repeated. */
  | 'refreshed'
  | 'acknowledged'
  | 'healed'
  | 'closed'
  /** It is now part of another incident. */
  | 'merged'
  | 'test';

/** Notifications that alert the receiver; the others update an earlier message. */
export const ALERTING_KINDS: ReadonlySet<NotificationKind> = new Set([
  'opened',
  'worse',
  'reopened',
  'repeated',
  'test',
]);
/** Notifications after which the incident is over. */
export const FINAL_KINDS: ReadonlySet<NotificationKind> = new Set(['healed', 'closed', 'merged']);

/** A notification as stored on disk until the receiver has it. It contains no secrets. */
export type Notification = IncidentNotification | SummaryNotification;

export interface IncidentNotification {
  readonly about: 'incident';
  readonly news: NotificationKind;
  /**
   * Number of this alert for the receiver and incident, counted from 1; a message that replaces an alert has the same
   * number.
   */
  readonly ring: number;
  /** State at that time. */
  readonly incident: Incident;
  /** The highest severity reported to the receiver, including this notification. */
  readonly severity: number;
  /** The previously reported severity, if it was lower. */
  readonly was?: number;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  /** For `merged`: the incident that it is now part of, if known. */
  readonly into?: string;
  /** Index of this request, if a message needs several. */
  readonly part: number;
}

/** Summary of incidents that were over before the receiver could be notified. */
export interface SummaryNotification {
  readonly about: 'meanwhile';
  /** One line for each incident. */
  readonly lines: readonly string[];
  readonly atMs: number;
  readonly part: number;
}
