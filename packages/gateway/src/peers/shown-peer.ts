import type { MeasuredPeer, Peer, PeerList } from '@medkit/contract';
import type { MeasuredPeerState, PeerState } from '@medkit/peer';
import type { GatewayPeers } from './open-peers.ts';

/** The other gateways with how long each takes to answer, none where there are to be none. */
export async function peerList(peers: GatewayPeers | undefined): Promise<PeerList> {
  const states = await Promise.all(peers?.runtimes.map((peer) => peer.measured()) ?? []);
  return { items: states.map(measuredPeer) };
}

/** A gateway as clients see it. */
export function shownPeer({ name, url, status, entities, lastSeenMs, problem }: PeerState): Peer {
  return {
    name,
    url,
    status,
    entities,
    ...(lastSeenMs !== undefined && { last_seen: new Date(lastSeenMs).toISOString() }),
    ...(problem !== undefined && { problem }),
  };
}

function measuredPeer({ roundTripMs, ...state }: MeasuredPeerState): MeasuredPeer {
  const roundTrip = roundTripMs !== undefined && { round_trip_ms: Math.round(10 * roundTripMs) / 10 };
  return { ...shownPeer(state), ...roundTrip };
}
