/**
 * Scheme of the URL of a configured receiver, followed by its name. Its address and credentials are resolved when a
 * message is sent, so they are not stored with deliveries. Clients cannot use such a URL.
 */
export const RECEIVER_SCHEME = 'receiver:';

export const receiverUrl = (name: string): string => `${RECEIVER_SCHEME}${name}`;

/** Returns the name of the receiver in `url`; `undefined` for a URL of a client. */
export function receiverIn(url: string): string | undefined {
  return url.startsWith(RECEIVER_SCHEME) ? url.slice(RECEIVER_SCHEME.length) : undefined;
}

/** Returns scheme, host and port for people, because the rest may be secret. For a receiver, returns its name. */
export function originOf(url: string): string {
  return receiverIn(url) === undefined ? new URL(url).origin : url;
}
