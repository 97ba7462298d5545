/**
 * Stands before the name of a receiver that the configuration names. Where that is, and what it is told with, is found out
 * when something is sent: neither is kept with what waits, and clients can name no such address.
 */
export const RECEIVER_SCHEME = 'receiver:';

export const receiverUrl = (name: string): string => `${RECEIVER_SCHEME}${name}`;

/** The name of the receiver that `url` stands for; `undefined` for an address as clients name it. */
export function receiverIn(url: string): string | undefined {
  return url.startsWith(RECEIVER_SCHEME) ? url.slice(RECEIVER_SCHEME.length) : undefined;
}

/** Scheme, host and port, for people; what comes behind may be secret. Of a receiver its name. */
export function originOf(url: string): string {
  return receiverIn(url) === undefined ? new URL(url).origin : url;
}
