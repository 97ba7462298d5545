import type { Log } from '@medkit/core';
import { hostId } from '@medkit/core/discovery';
import { type Clock, OwnedMap, type QuotaFigures } from '@medkit/edges';
import type { PeerAddress } from '../peer-link.ts';
import { PEER_NAME } from '../static-peers.ts';
import { admissionProblem } from './admission-problem.ts';
import { knowsKey } from './key-proof.ts';
import type { Scope } from './local-link.ts';
import type { Service } from './service-records.ts';

export interface DiscoveredPeersOptions {
  /** Of this run of this gateway. */
  readonly instance: string;
  /** Whether an address is this gateway's own. */
  readonly isOwn: (address: string, port: number) => boolean;
  /** Whether a name belongs to another runtime. */
  readonly isTaken: (name: string) => boolean;
  /** Addresses of the gateways of the configuration: `http://10.0.0.7:8080`. */
  readonly staticUrls: readonly string[];
  readonly scheme: 'http' | 'https';
  readonly requireTls: boolean;
  readonly scope: Scope;
  readonly maxPeers: number;
  /** Tokens of gateways that are let in where they know them, by name. */
  readonly keys: ReadonlyMap<string, string>;
  /** Addresses that were approved, by name. */
  readonly approved: ReadonlyMap<string, string>;
  /** Whether gateways of an address need no approval. */
  readonly isTrusted?: (address: string) => boolean;
  /** Shows a gateway, or does so no more. */
  readonly show: (peer: PeerAddress) => void;
  readonly hide: (name: string) => void;
  readonly clock: Pick<Clock, 'wallMs'>;
  readonly log: Log;
}

/** A gateway that was found and is not let in. */
export interface PendingPeer {
  readonly name: string;
  readonly url: string;
  readonly why: string;
  /** When it was heard of last, wall clock milliseconds; never, where it is absent. */
  readonly lastSeenMs?: number;
}

/** Why announcements were not taken, each with how often. */
export type Refusals = Readonly<Record<'own' | 'name' | 'address' | 'limit' | 'rival', number>>;

/** The gateways that were found: which of them are shown, and which wait to be approved. */
export interface DiscoveredPeers {
  readonly refused: Refusals;
  /** Counts of the gateways; those that wait for approval count against their addresses. */
  figures(): QuotaFigures;
  pending(): readonly PendingPeer[];
  /** Where the one of this name is, whether it is shown or waits. */
  urlOf(name: string): string | undefined;
  found(service: Service): void;
  gone(service: Service, why: 'goodbye' | 'expired'): void;
  /** Judges one anew, after it was approved or is not any more. */
  judge(name: string): void;
}

interface Found {
  readonly name: string;
  readonly service: Service;
  readonly url: string;
  /** Why it is not shown. */
  why: string | undefined;
  /** What it announced does not count any more; it is shown still, as one that does not answer may be. */
  isSilent: boolean;
  lastSeenMs: number;
  /** Who else goes by the name. */
  rival: string | undefined;
}

/**
 * Nothing is asked of a gateway that was found until somebody has approved it at its address, or it has shown that it knows the
 * token which the configuration has for its name. A name belongs to whoever announced it first, as long as that one does.
 */
export function discoveredPeers(options: DiscoveredPeersOptions): DiscoveredPeers {
  const { instance, isOwn, isTaken, staticUrls, scheme, maxPeers, keys, approved, show, hide, clock, log } = options;
  const { isTrusted = () => false } = options;
  const refused = { own: 0, name: 0, address: 0, limit: 0, rival: 0 };
  const peers = new OwnedMap<string, Found>(maxPeers, ({ why, service }) =>
    why === undefined ? undefined : service.address,
  );

  const problemOf = ({ name, url, service }: Found): string | undefined => {
    const key = keys.get(name);
    if (approved.get(name) === url || (key !== undefined && knowsKey(service, key))) return undefined;
    // A name with a token, or one that was approved elsewhere, is no other gateway's on whatever network.
    const at = approved.get(name);
    if (at === undefined && key === undefined && isTrusted(service.address)) return undefined;
    if (at !== undefined) return `it was approved at ${at} and announces itself at ${url}`;
    return key === undefined ? 'nobody has approved it' : 'it does not show that it knows the token of its name';
  };
  const judge = (found: Found): void => {
    const { name, url } = found;
    const wasShown = found.why === undefined;
    found.why = problemOf(found);
    const isShown = found.why === undefined;
    // It counts against its address while it waits.
    if (peers.get(name) === found) peers.set(name, found);
    if (isShown === wasShown) return;
    log(
      'info',
      isShown ? `The gateway ${name} at ${url} is let in` : `The gateway ${name} is shown no more: ${found.why}`,
    );
    if (isShown) show({ name, url, ...(keys.has(name) && { token: keys.get(name)! }) });
    else hide(name);
  };
  const remove = ({ name, why }: Found): void => {
    peers.delete(name);
    if (why === undefined) hide(name);
  };
  const makeRoom = (found: Found): boolean => {
    // The address of a gateway that waits for approval leaves room for the gateways of other addresses.
    if (problemOf(found) !== undefined) return peers.quota.admits(found.service.address);
    if (peers.size < maxPeers) return true;
    // Whoever is known does not wait outside because strangers were faster.
    const [stranger] = [...peers.values()].filter(({ why }) => why !== undefined);
    if (stranger) remove(stranger);
    return stranger !== undefined;
  };
  const take = (found: Found): void => {
    const { name, url } = found;
    if (!makeRoom(found)) {
      peers.quota.refuse();
      if (refused.limit++ === 0)
        log(
          'warn',
          `The gateway ${name} at ${url} is left out: one address may announce half of the free places, and all addresses ${maxPeers} (aggregation.max_discovered_peers)`,
        );
      return;
    }
    peers.set(name, found);
    judge(found);
    if (found.why === undefined) return;
    log('warn', `The gateway ${name} at ${url} is found, and nothing is asked of it: ${found.why}`);
  };

  return {
    refused,
    figures: () => peers.quota.figures(),
    pending: () =>
      [...peers.values()].flatMap(({ name, url, why, lastSeenMs }) =>
        why === undefined ? [] : [{ name, url, why, lastSeenMs }],
      ),
    urlOf: (name) => peers.get(name)?.url,
    found: (service) => {
      const { address, port } = service;
      const name = hostId(service.label);
      const url = `${scheme}://${address}:${port}`;
      if (service.instance === instance || isOwn(address, port)) {
        refused.own++;
        return;
      }
      if (staticUrls.includes(url)) return;
      const before = peers.get(name);
      if (before?.url === url) {
        before.isSilent = false;
        before.lastSeenMs = clock.wallMs();
        if (before.service.proof === service.proof) return;
        peers.set(name, { ...before, service });
        return judge(peers.get(name)!);
      }
      const problem = admissionProblem(url, options);
      if (problem !== undefined) {
        if (refused.address++ === 0) log('warn', `A gateway that calls itself ${name} is left out: ${problem}`);
        return;
      }
      const isForeign = before && before.service.address !== address && !before.isSilent;
      if (isForeign) {
        refused.rival++;
        if (before.rival !== url) log('warn', `${url} is announced as ${name} too, which ${before.url} is`);
        before.rival = url;
        return;
      }
      if (!PEER_NAME.test(name) || name === 'local' || (!before && isTaken(name))) {
        if (refused.name++ === 0)
          log('warn', `The gateway at ${url} is left out: ${name} is the name of something else here`);
        return;
      }
      if (before) remove(before);
      take({ name, service, url, why: 'it is new', isSilent: false, lastSeenMs: clock.wallMs(), rival: undefined });
    },
    gone: ({ label, address }, why) => {
      const found = peers.get(hostId(label));
      if (found?.service.address !== address) return;
      found.isSilent = true;
      // One that is let in and says nothing may have lost its network: its link tells.
      if (why === 'goodbye' || found.why !== undefined) remove(found);
    },
    judge: (name) => {
      const found = peers.get(name);
      if (!found) return;
      judge(found);
      if (found.isSilent && found.why !== undefined) peers.delete(name);
    },
  };
}
