import { addressOf, pageOfHref } from '../routes/pages.ts';

/** Prefix of the `origin` of a target that is a configured receiver; its name follows. */
const RECEIVER_PREFIX = 'receiver:';

/** Returns the name of the receiver in the origin of a target; `undefined` for the address of a webhook. */
export function receiverOfOrigin(origin: string): string | undefined {
  return origin.startsWith(RECEIVER_PREFIX) ? origin.slice(RECEIVER_PREFIX.length) : undefined;
}

/** Returns the label of a target: the name of the receiver, or scheme, host and port of the webhook. */
export function targetLabel(origin: string): string {
  return receiverOfOrigin(origin) ?? origin;
}

/** Returns the path of a source without the base of the API: `/apps/battery_monitor/triggers/trig_1`. */
export function sourceText(source: string): string {
  return source.replace(/^\/api\/v1(?=\/)/, '');
}

/** Returns the page of a source, such as an incident; `undefined` if it has none. */
export function pageOfSource(source: string): string | undefined {
  const incident = /^\/api\/v1\/x-medkit-incidents\/([\w-]+)$/.exec(source)?.[1];
  return incident === undefined ? pageOfHref(source) : addressOf('incident', { id: incident });
}
