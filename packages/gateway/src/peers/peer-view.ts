import type { MeasuredPeer, Peer, PeerClock, PeerList } from '@medkit/contract';
import type { MeasuredPeerState, PeerRuntime, PeerState } from '@medkit/peer';
import type { GatewayPeers } from './open-peers.ts';

/** Returns the peers with their response times; an empty list without peers. */
export async function peerList(peers: GatewayPeers | undefined): Promise<PeerList> {
  const state = peers?.discovery?.state();
  const measured = await Promise.all(
    peers?.runtimes.map(async (peer) => ({ ...measuredPeer(await peer.measured()), ...wasFound(peers, peer) })) ?? [],
  );
  return {
    items: [...measured, ...waiting(peers)],
    ...(state && {
      discovery: {
        service: state.service,
        ...(state.announcedAs !== undefined && { announced_as: state.announcedAs }),
        interfaces: [...state.interfaces],
        dropped: state.dropped,
      },
    }),
  };
}

/** Returns the present state of all peers. */
export function peerViews(peers: GatewayPeers): Peer[] {
  const known = peers.runtimes.map((peer) => ({ ...peerView(peer.peerState()), ...wasFound(peers, peer) }));
  return [...known, ...waiting(peers)];
}

/** Returns the discovered gateways that are not shown. */
function waiting(peers: GatewayPeers | undefined): readonly Peer[] {
  const found = peers?.discovery?.found;
  const as = (status: Peer['status'], all: ReturnType<NonNullable<typeof found>['absent']> = []): readonly Peer[] =>
    all.map(({ name, url, why, lastSeenMs }) => ({
      ...peerView({ name, url, status, entities: 0, lastSeenMs, problem: why }),
      discovered: true,
    }));
  return [...as('pending', found?.gateways.pending()), ...as('offline', found?.absent())];
}

function wasFound({ discovery }: GatewayPeers, peer: PeerRuntime): { readonly discovered?: true } {
  return discovery?.found?.runtimes().includes(peer) ? { discovered: true } : {};
}

/** Returns a peer as clients see it. */
function peerView({
  name,
  url,
  status,
  entities,
  lastSeenMs,
  clock,
  problem,
}: Omit<PeerState, 'status' | 'clock'> & { readonly clock?: PeerState['clock'] } & Pick<Peer, 'status'>): Peer {
  return {
    name,
    url,
    status,
    entities,
    ...(clock && { clock: clockView(clock) }),
    ...(lastSeenMs !== undefined && { last_seen: new Date(lastSeenMs).toISOString() }),
    ...(problem !== undefined && { problem }),
  };
}

function measuredPeer({ roundTripMs, ...state }: MeasuredPeerState): MeasuredPeer {
  const roundTrip = roundTripMs !== undefined && { round_trip_ms: Math.round(10 * roundTripMs) / 10 };
  return { ...peerView(state), ...roundTrip };
}

function clockView({ offsetMs, uncertaintyMs, untilMs }: NonNullable<PeerState['clock']>): PeerClock {
  return { ...roundedClock(offsetMs, uncertaintyMs), measured_at: new Date(untilMs).toISOString() };
}

/** Rounds to microseconds. */
export function roundedClock(offsetMs: number, uncertaintyMs: number): PeerClock {
  const rounded = (ms: number): number => Math.round(ms * 1000) / 1000;
  return { offset_ms: rounded(offsetMs), uncertainty_ms: rounded(uncertaintyMs) };
}
