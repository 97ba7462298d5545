import { REFRESH_MS } from '../shapes/alertmanager.ts';
import type { ReceiverType } from './receiver.ts';

/** Receivers that have an alert open until they are told that it is over. */
export const KEEPS_ALERTS: ReadonlySet<ReceiverType> = new Set(['pagerduty', 'opsgenie', 'alertmanager']);

/** How often a receiver has to be told again that an incident is open; `undefined` where it remembers. */
export function refreshOf(type: ReceiverType): number | undefined {
  return type === 'alertmanager' ? REFRESH_MS : undefined;
}
