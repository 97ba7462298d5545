import type { ReceiverType } from '../receiver/receiver.ts';
import { REFRESH_MS } from './alertmanager.ts';

/** Receivers that keep an alert open until it is resolved. */
export const STATEFUL_RECEIVERS: ReadonlySet<ReceiverType> = new Set(['pagerduty', 'opsgenie', 'alertmanager']);

/** Returns how often an open incident must be reported again; `undefined` if the receiver remembers it. */
export function refreshOf(type: ReceiverType): number | undefined {
  return type === 'alertmanager' ? REFRESH_MS : undefined;
}
