import type { Guid, GuidPrefix, RemoteEndpoint } from '@medkit/rtps';

const PAIR_ID = /(?:^|;)(?:clientid|serviceid)=([^;]+);/;
const latin1 = new TextDecoder('latin1');

/** The endpoint is looked up for every request, but announced only once. */
const known = new WeakMap<RemoteEndpoint, string | undefined>();

/** Returns a generator of pair ids that are unique in the graph. */
export function pairIds(participant: GuidPrefix): () => string {
  let last = 0;
  return () => {
    last += 1;
    // The format of rmw_cyclonedds: participant and counter, octet by octet.
    const id: Guid = participant + last.toString(16).padStart(8, '0');
    return id.match(/../g)!.join('.');
  };
}

/**
 * Returns the USER_DATA member that marks reader and writer of one client or server as a pair. rmw_cyclonedds writes
 * and reads it; other implementations ignore it.
 */
export const pairMember = (role: 'client' | 'service', id: string): string => `${role}id=${id};`;

/** Returns the pair id in an endpoint's USER_DATA, if any. */
export const pairIdIn = (userData: Uint8Array): string | undefined => PAIR_ID.exec(latin1.decode(userData))?.[1];

/** Like `pairIdIn`, cached by endpoint. */
export function pairIdOf(endpoint: RemoteEndpoint): string | undefined {
  if (!known.has(endpoint)) known.set(endpoint, pairIdIn(endpoint.userData));
  return known.get(endpoint);
}
