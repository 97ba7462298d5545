import { NOTIFY_TYPES } from '@medkit/contract';
import type { Hours } from '../routing/hours.ts';

/** Kinds of receivers, in the order of the documents. */
export const RECEIVER_TYPES = NOTIFY_TYPES;
export type ReceiverType = (typeof RECEIVER_TYPES)[number];

/** What a receiver is to be told, and when. */
export interface Route {
  /** What it is called in the configuration, in lists and in the audit log. */
  readonly name: string;
  /** 0 info to 3 critical: nothing that is less is told. */
  readonly leastSeverity: number;
  /** Ids of entities whose incidents it is told, with those of what belongs to them; none: all. */
  readonly entities: readonly string[];
  /** When it is on duty; none: always. What is still open when that begins is told then. */
  readonly hours: readonly Hours[];
  /** When it is not rung: what comes then waits until they end. */
  readonly quiet: readonly Hours[];
  /** IANA name of the time zone of these hours. */
  readonly zone: string;
  /** So severe an incident is told in quiet hours all the same. */
  readonly breaksQuiet: number;
  /** Between one ring and the next as long as nobody acknowledges; 0: it is rung once. */
  readonly repeatMs: number;
  readonly maxRepeats: number;
  /** Told only of what nobody has acknowledged after so long; 0: at once. */
  readonly afterMs: number;
  /** Whether it is told that an incident is over. Who keeps alerts open is, in any case. */
  readonly tellsHealed: boolean;
}

/** Where a receiver is and what lets us in. All texts but `type`, `chat` and `thread` may be secret. */
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

/** Somebody who is told of incidents, as the configuration has it. */
export type Receiver = Route & Endpoint;

/** Shorter ones are found in any text: to strike them out would hide nothing and spoil much. */
const MIN_SECRET_LENGTH = 6;

/** Texts that nobody may be shown of a receiver. */
export function secretsOf(receiver: Endpoint): readonly string[] {
  const { url } = receiver;
  const kept = Object.entries(receiver)
    .filter(([key]) => ['topic', 'token', 'routingKey', 'secret'].includes(key))
    .map(([, value]) => String(value));
  const { pathname, search } = new URL(url);
  const path = ['slack', 'teams', 'webhook'].includes(receiver.type) ? [url, pathname + search, pathname, search] : [];
  return [...path, ...kept].filter((text) => text.length >= MIN_SECRET_LENGTH);
}
