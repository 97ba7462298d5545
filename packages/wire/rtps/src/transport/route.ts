import type { NetworkInterface, SocketAddress } from '@medkit/edges';
import { isHostAddress, isLoopback, isOnLink } from './ipv4.ts';

/** The network as this participant sees it. It changes when interfaces of this machine do. */
export interface Reachability {
  /** The interfaces in use whose link is up; all of those in use if every link is down. */
  readonly chosen: readonly NetworkInterface[];
  /** The interfaces in use that still have their address but whose link is down. */
  readonly down: readonly NetworkInterface[];
  /** Every interface of this machine. */
  readonly all: readonly NetworkInterface[];
}

/** Whether a datagram from `source` was sent on this machine. */
export function isOwnHost({ all }: Reachability, source: string): boolean {
  return isLoopback(source) || all.some(({ address }) => address === source);
}

/** Whether we may send to an address at all: with loopback alone, nothing must leave the machine. */
export function mayReach(network: Reachability, address: string): boolean {
  if (!isHostAddress(address)) return false;
  if (isLoopback(address)) return network.chosen.some(({ loopback }) => loopback);
  if (network.chosen.every(({ loopback }) => loopback)) return isOwnHost(network, address);
  return true;
}

/** The locators of a participant that datagrams may be sent to, without those behind a link that is down. */
export function reachableTargets(
  network: Reachability,
  candidates: readonly SocketAddress[],
  source: string,
): readonly SocketAddress[] {
  const reachable = candidates.filter(
    ({ address }) => mayReach(network, address) && (!isLoopback(address) || isOwnHost(network, source)),
  );
  if (network.down.length === 0 || isOwnHost(network, source)) return reachable;
  const isBehindDownLink = ({ address }: SocketAddress): boolean =>
    network.down.some((own) => isOnLink(address, own)) && !network.chosen.some((own) => isOnLink(address, own));
  const up = reachable.filter((target) => !isBehindDownLink(target));
  return up.length > 0 ? up : reachable;
}

/**
 * Which of the locators a participant announced to send to. Best is loopback, for one on this machine; then a locator
 * on the network of one of our interfaces, the one its datagrams come from first; else every locator, until one answers.
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
  const onLink = reachable.find(({ address }) => network.chosen.some((own) => isOnLink(address, own)));
  return onLink ? [onLink] : reachable;
}
