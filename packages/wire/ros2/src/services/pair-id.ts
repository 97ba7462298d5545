import type { Guid, GuidPrefix, RemoteEndpoint } from '@medkit/rtps';

const PAIR_ID = /(?:^|;)(?:clientid|serviceid)=([^;]+);/;
const latin1 = new TextDecoder('latin1');

/** An endpoint is looked at for every request, and announced once. */
const known = new WeakMap<RemoteEndpoint, string | undefined>();

/** Gives ids for pairs of endpoints, no two the same in the whole graph. */
export function pairIds(participant: GuidPrefix): () => string {
  let last = 0;
  return () => {
    last += 1;
    // As rmw_cyclonedds has them: a participant and a count, octet by octet.
    const id: Guid = participant + last.toString(16).padStart(8, '0');
    return id.match(/../g)!.join('.');
  };
}

/**
 * What the reader and the writer of one client or server say in their USER_DATA, so that others know which two belong
 * together. rmw_cyclonedds does so; others do not look.
 */
export const pairMember = (role: 'client' | 'service', id: string): string => `${role}id=${id};`;

/** The id of a pair, where its endpoints announce one. */
export const pairIdIn = (userData: Uint8Array): string | undefined => PAIR_ID.exec(latin1.decode(userData))?.[1];

/** The same of an endpoint, read once. */
export function pairIdOf(endpoint: RemoteEndpoint): string | undefined {
  if (!known.has(endpoint)) known.set(endpoint, pairIdIn(endpoint.userData));
  return known.get(endpoint);
}
