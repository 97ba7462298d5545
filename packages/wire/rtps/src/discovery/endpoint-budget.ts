import { Quota } from '@medkit/edges';
import type { Peer } from './peer.ts';

/** Maximum endpoints per participant. A process with a hundred ROS nodes has about two thousand. */
const MAX_ENDPOINTS_PER_PEER = 8192;
/** Maximum endpoints of all participants: several times the number in the largest fleets. */
const MAX_ENDPOINTS = 65_536;
/** Maximum size of all endpoint announcements. Names and user data of a real endpoint take a few hundred octets. */
export const MAX_ENDPOINT_BYTES = 96 * 1024 * 1024;
/** Maximum for one participant, so that it cannot fill the table: 8192 endpoints of 1.5 KB each. */
const MAX_ENDPOINT_BYTES_PER_PEER = MAX_ENDPOINT_BYTES / 8;

/** Maximum for all participants at one address. */
const MAX_ENDPOINT_BYTES_PER_ADDRESS = MAX_ENDPOINT_BYTES / 2;

/** What announcements add to the table. */
export interface Growth {
  readonly endpoints: number;
  readonly bytes: number;
}

/** Accounts for the memory of remote endpoints, and limits it in total, per participant and per address. */
export class EndpointBudget {
  /** Limits the number of endpoints by the address of their participant. */
  readonly quota = new Quota(MAX_ENDPOINTS);
  readonly #bytesOf = new Map<string, number>();
  #bytes = 0;

  /** Returns whether the participant stays within its share, regardless of the others. */
  isWithinShare(peer: Peer, { endpoints, bytes }: Growth): boolean {
    const { endpointBytes, source } = peer;
    return (
      (endpoints <= 0 || this.quota.heldBy(source) + endpoints <= this.quota.shareOf(source)) &&
      (this.#bytesOf.get(source) ?? 0) + bytes <= MAX_ENDPOINT_BYTES_PER_ADDRESS &&
      peer.endpoints.size + endpoints <= MAX_ENDPOINTS_PER_PEER &&
      endpointBytes + bytes <= MAX_ENDPOINT_BYTES_PER_PEER
    );
  }

  /** Returns whether the table has room for the growth. */
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
