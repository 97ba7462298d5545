import type { NetworkInterface, SocketAddress } from '@medkit/edges';
import { isHostAddress, isLoopback, isOnLink } from './ipv4.ts';

/** The networks of this participant. They change with the interfaces of this machine. */
export interface Reachability {
  /** The interfaces in use whose link is up. If every link is down: all interfaces in use. */
  readonly chosen: readonly NetworkInterface[];
  /** The interfaces in use that still have their address but no link. */
  readonly down: readonly NetworkInterface[];
  /** Every interface of this machine. */
  readonly all: readonly NetworkInterface[];
}

/** Returns whether a datagram from `source` was sent on this machine. */
export function isLocalHost({ all }: Reachability, source: string): boolean {
  return isLoopback(source) || all.some(({ address }) => address === source);
}

/** Returns whether datagrams may be sent to an address. With loopback alone, nothing may leave the machine. */
export function mayReach(network: Reachability, address: string): boolean {
  if (!isHostAddress(address)) return false;
  if (isLoopback(address)) return network.chosen.some(({ loopback }) => loopback);
  if (network.chosen.every(({ loopback }) => loopback)) return isLocalHost(network, address);
  return true;
}

/** Returns the locators of a participant to which datagrams may be sent, without those on a link that is down. */
export function reachableTargets(
  network: Reachability,
  candidates: readonly SocketAddress[],
  source: string,
): readonly SocketAddress[] {
  const reachable = candidates.filter(
    ({ address }) => mayReach(network, address) && (!isLoopback(address) || isLocalHost(network, source)),
  );
  if (network.down.length === 0 || isLocalHost(network, source)) return reachable;
  const isBehindDownLink = ({ address }: SocketAddress): boolean =>
    network.down.some((chosen) => isOnLink(address, chosen)) &&
    !network.chosen.some((chosen) => isOnLink(address, chosen));
  const up = reachable.filter((target) => !isBehindDownLink(target));
  return up.length > 0 ? up : reachable;
}

/**
 * Chooses among the locators of a participant. First choice is loopback if it is on this machine. Next is a locator on
 * the network of a local interface, preferably the source address of its datagrams. Otherwise every locator is used
 * until one answers.
 */
export function chooseTargets(
  network: Reachability,
  candidates: readonly SocketAddress[],
  source: string,
): readonly SocketAddress[] {
  const reachable = reachableTargets(network, candidates, source);
  if (reachable.length <= 1) return reachable;
  const loopback = reachable.find(({ address }) => isLoopback(address));
  if (loopback) return [loopback];
  const answering = reachable.find(({ address }) => address === source);
  if (answering) return [answering];
  const onLink = reachable.find(({ address }) => network.chosen.some((chosen) => isOnLink(address, chosen)));
  return onLink ? [onLink] : reachable;
}
