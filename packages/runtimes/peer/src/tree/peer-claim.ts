import type { PeerAddress } from '../peer-link.ts';
import {
  type DirectGateways,
  gatewaysBehind,
  type InstanceMemory,
  indirectName,
  instanceOwner,
  isNew,
  peerOf,
} from './direct-gateways.ts';
import type { PeerTree } from './tree-items.ts';

export interface PeerClaimOptions {
  readonly peer: PeerAddress;
  /** Instance name of this gateway. */
  readonly gateway: string;
  readonly direct: DirectGateways;
  readonly instances?: InstanceMemory | undefined;
}

/** The claim of a peer to be a certain gateway: its registration, and why it is not shown as that gateway. */
export class PeerClaim {
  readonly #options: PeerClaimOptions;
  readonly #isKeyed: boolean;

  constructor(options: PeerClaimOptions) {
    this.#options = options;
    this.#isKeyed = options.peer.token !== undefined;
  }

  /** Registers the peer as read directly, with the gateways behind it; `isThere` says whether it answers. */
  register({ instance, entities }: PeerTree, isThere: boolean): void {
    const { peer, gateway, direct, instances } = this.#options;
    const { name } = peer;
    const isKeyed = this.#isKeyed;
    if (this.#ownerOf(instance) !== undefined) return;
    if (instance !== gateway) instances?.remember({ name, instance, isKeyed });
    const behind: ReadonlyMap<string, number> = isThere ? gatewaysBehind(entities) : new Map();
    direct.set(instance, { name, isKeyed, behind });
    if (isKeyed) this.#rememberBehind(behind.keys());
  }

  /** Removes the registration of an instance that the peer no longer is. */
  release(instance: string): void {
    const { peer, direct } = this.#options;
    if (direct.get(instance)?.name === peer.name) direct.delete(instance);
  }

  /** Returns why nothing of the peer is shown although it may be online. */
  refusal(instance: string): string | undefined {
    const { peer, gateway } = this.#options;
    const { name, url } = peer;
    if (instance === gateway) return `${url} is this gateway itself: remove ${name} from aggregation.peer_urls`;
    const other = this.#ownerOf(instance);
    if (other === undefined) return undefined;
    return peerOf(other) === other
      ? `${url} is the same gateway as ${other}: remove one of the two from aggregation.peer_urls`
      : `${url} claims to be a gateway that ${peerOf(other)} shows, but has no token that proves it: set one in aggregation.peer_token_files`;
  }

  /** Returns whether data that passed these gateways arrives by no better way. */
  isNew(gateways: readonly string[]): boolean {
    const { peer, gateway, direct } = this.#options;
    return isNew(gateways, peer.name, gateway, direct);
  }

  /** Returns the instances that are read directly as other peers. */
  others(): readonly string[] {
    const { peer, direct } = this.#options;
    return [...direct].flatMap(([instance, by]) => (by.name === peer.name ? [] : [instance]));
  }

  /** Stores the gateways that the peer shows: a peer without a key that claims to be one of them does not hide it. */
  #rememberBehind(behind: Iterable<string>): void {
    const { peer, gateway, instances } = this.#options;
    for (const instance of behind) {
      if (instance === gateway || instances?.find(instance) !== undefined) continue;
      instances?.remember({ name: indirectName(peer.name, instance), instance, isKeyed: false });
    }
  }

  #ownerOf(instance: string): string | undefined {
    const { peer, direct, instances } = this.#options;
    return instanceOwner(instance, { name: peer.name, isKeyed: this.#isKeyed }, direct, instances);
  }
}
