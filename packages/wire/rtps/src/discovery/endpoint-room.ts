import { Quota } from '@medkit/edges';
import type { Peer } from './peer.ts';

/** A process with a hundred ROS nodes has about two thousand endpoints. */
const MAX_ENDPOINTS_PER_PEER = 8192;
/** Of all participants together: several times what the largest fleets show. */
const MAX_ENDPOINTS = 65_536;
/** What those announcements may take together: names and user data of real endpoints are some hundred octets. */
export const MAX_ENDPOINT_BYTES = 96 * 1024 * 1024;
/** No participant alone fills the table: 8192 endpoints of 1.5 KB each. */
const MAX_ENDPOINT_BYTES_PER_PEER = MAX_ENDPOINT_BYTES / 8;

/** Nor do all participants at one address. */
const MAX_ENDPOINT_BYTES_PER_ADDRESS = MAX_ENDPOINT_BYTES / 2;

/** What one announcement, or several, add to the table. */
export interface Growth {
  readonly endpoints: number;
  readonly bytes: number;
}

/** How much the endpoints that others announce take, and may take: all together, and those of one participant. */
export class EndpointRoom {
  /** Bounds the endpoints by the addresses of their participants. */
  readonly quota = new Quota(MAX_ENDPOINTS);
  readonly #bytesOf = new Map<string, number>();
  #bytes = 0;

  /** Whether that much more of one participant is within its own share, whatever the others take. */
  isWithinShare(peer: Peer, { endpoints, bytes }: Growth): boolean {
    const { endpointBytes, source } = peer;
    return (
      (endpoints <= 0 || this.quota.heldBy(source) + endpoints <= this.quota.shareOf(source)) &&
      (this.#bytesOf.get(source) ?? 0) + bytes <= MAX_ENDPOINT_BYTES_PER_ADDRESS &&
      peer.endpoints.size + endpoints <= MAX_ENDPOINTS_PER_PEER &&
      endpointBytes + bytes <= MAX_ENDPOINT_BYTES_PER_PEER
    );
  }

  /** Whether the table has room for that much more. */
  has({ endpoints, bytes }: Growth): boolean {
    return this.quota.total + endpoints <= MAX_ENDPOINTS && this.#bytes + bytes <= MAX_ENDPOINT_BYTES;
  }

  take(peer: Peer, { endpoints, bytes }: Growth): void {
    for (let more = endpoints; more > 0; more -= 1) this.quota.add(peer.source);
    for (let less = endpoints; less < 0; less += 1) this.quota.release(peer.source);
    const held = (this.#bytesOf.get(peer.source) ?? 0) + bytes;
    if (held > 0) this.#bytesOf.set(peer.source, held);
    else this.#bytesOf.delete(peer.source);
    this.#bytes += bytes;
    peer.endpointBytes += bytes;
  }

  give(peer: Peer, { endpoints, bytes }: Growth): void {
    this.take(peer, { endpoints: -endpoints, bytes: -bytes });
  }
}
