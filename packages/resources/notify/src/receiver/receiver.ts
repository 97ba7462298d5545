import type { Hours } from '@medkit/core';
import { type Endpoint, RECEIVER_KINDS } from '../kinds/receiver-kinds.ts';

/** Which incidents a receiver is notified of, and when. */
export interface Route {
  /** Name in the configuration, in lists and in the audit log. */
  readonly name: string;
  /** Minimum severity: 0 info to 3 critical. */
  readonly leastSeverity: number;
  /** Ids of entities whose incidents, and those of their descendants, are reported; empty: all. */
  readonly entities: readonly string[];
  /** On a fleet hub: names of sites and groups whose incidents are reported; both empty: all. */
  readonly sites: readonly string[];
  readonly groups: readonly string[];
  /** Duty hours; empty: always. An incident that is still open when they begin is reported then. */
  readonly hours: readonly Hours[];
  /** Quiet hours without alerts: a new incident waits until they end. */
  readonly quiet: readonly Hours[];
  /** IANA time zone of these hours. On a fleet hub, quiet hours are those of the zone of the site, if it has one. */
  readonly zone: string;
  /** Minimum severity that is reported even in quiet hours. */
  readonly breaksQuiet: number;
  /** Interval of reminders while no person has acknowledged; 0: no reminders. */
  readonly repeatMs: number;
  readonly maxRepeats: number;
  /** Reports only incidents that are not acknowledged after this time; 0: immediately. */
  readonly afterMs: number;
  /** Whether the end of an incident is reported. Receivers that keep alerts open always receive it. */
  readonly notifiesHealed: boolean;
}

/** A configured receiver of notifications. */
export type Receiver = Route & Endpoint;

/**
 * Minimum length of a secret: shorter texts occur in any reply, so redacting them would hide nothing and garble much.
 */
const MIN_SECRET_LENGTH = 6;

/** Texts of a receiver that must not be shown. */
export function secretsOf(receiver: Endpoint): readonly string[] {
  const { url } = receiver;
  const credentials = Object.entries(receiver)
    .filter(([key]) => ['topic', 'token', 'routingKey', 'secret'].includes(key))
    .map(([, value]) => String(value));
  const { pathname, search } = new URL(url);
  const path = RECEIVER_KINDS[receiver.type].hasSecretUrl ? [url, pathname + search, pathname, search] : [];
  return [...path, ...credentials].filter((text) => text.length >= MIN_SECRET_LENGTH);
}
