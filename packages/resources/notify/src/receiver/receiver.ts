import { NOTIFY_TYPES } from '@medkit/contract';
import type { Hours } from './hours.ts';

/** Kinds of receivers, in documentation order. */
export const RECEIVER_TYPES = NOTIFY_TYPES;
export type ReceiverType = (typeof RECEIVER_TYPES)[number];

/** Which incidents a receiver is notified of, and when. */
export interface Route {
  /** Name in the configuration, in lists and in the audit log. */
  readonly name: string;
  /** Minimum severity: 0 info to 3 critical. */
  readonly leastSeverity: number;
  /** Ids of entities whose incidents, and those of their descendants, are reported; empty: all. */
  readonly entities: readonly string[];
  /** Duty hours; empty: always. An incident that is still open when they begin is reported then. */
  readonly hours: readonly Hours[];
  /** Quiet hours without alerts: a new incident waits until they end. */
  readonly quiet: readonly Hours[];
  /** IANA time zone of these hours. */
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

/** Address and credentials of a receiver. All texts except `type`, `chat` and `thread` may be secret. */
export type Endpoint =
  | { readonly type: 'ntfy'; readonly url: string; readonly topic: string; readonly token?: string }
  | { readonly type: 'slack' | 'teams'; readonly url: string }
  | {
      readonly type: 'telegram';
      readonly url: string;
      readonly token: string;
      readonly chat: string;
      readonly thread?: number;
    }
  | { readonly type: 'pagerduty'; readonly url: string; readonly routingKey: string }
  | { readonly type: 'opsgenie'; readonly url: string; readonly token: string }
  | { readonly type: 'alertmanager'; readonly url: string; readonly token?: string }
  | { readonly type: 'webhook'; readonly url: string; readonly secret?: string; readonly token?: string };

export type EndpointOf<T extends ReceiverType> = Extract<Endpoint, { readonly type: T }>;

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
  const path = ['slack', 'teams', 'webhook'].includes(receiver.type) ? [url, pathname + search, pathname, search] : [];
  return [...path, ...credentials].filter((text) => text.length >= MIN_SECRET_LENGTH);
}
