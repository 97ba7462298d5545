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
  /** Instance id of this run. */
  readonly instance: string;
  /** Returns whether an address is this gateway's. */
  readonly isLocalGateway: (address: string, port: number) => boolean;
  /** Returns whether a name belongs to another runtime. */
  readonly isTaken: (name: string) => boolean;
  /** URLs of the configured gateways: `http://10.0.0.7:8080`. */
  readonly staticUrls: readonly string[];
  readonly scheme: 'http' | 'https';
  readonly requireTls: boolean;
  readonly scope: Scope;
  readonly maxPeers: number;
  /** Tokens of gateways that are accepted if they prove to know them, by name. */
  readonly keys: ReadonlyMap<string, string>;
  /** Approved addresses, by name. */
  readonly approved: ReadonlyMap<string, string>;
  /** Returns whether gateways of an address need no approval. */
  readonly isTrusted?: (address: string) => boolean;
  /** Shows or hides a gateway. */
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
  /** A discovered gateway that is not accepted yet. */
  readonly lastSeenMs?: number;
}

/** Number of refused announcements by reason. */
export type Refusals = Readonly<Record<'own' | 'name' | 'address' | 'limit' | 'rival', number>>;

/** The discovered gateways: those that are shown, and those waiting for approval. */
export interface DiscoveredPeers {
  readonly refused: Refusals;
  /** Counts of the gateways; those waiting for approval count against their addresses. */
  figures(): QuotaFigures;
  pending(): readonly PendingPeer[];
  /** Returns the URL of a gateway, whether it is shown or waiting. */
  urlOf(name: string): string | undefined;
  found(service: Service): void;
  gone(service: Service, reason: 'goodbye' | 'expired'): void;
  /** Evaluates a gateway again after its approval has changed. */
  judge(name: string): void;
}

interface Found {
  readonly name: string;
  readonly service: Service;
  readonly url: string;
  /** Why it is not shown. */
  problem: string | undefined;
  /** Its announcement has expired; it is still shown, like a gateway that does not answer. */
  isSilent: boolean;
  lastSeenMs: number;
  /** Another gateway with the same name. */
  rival: string | undefined;
}

/**
 * A discovered gateway is not contacted until it is approved at its address, or proves to know the token configured for
 * its name. A name belongs to the gateway that announced it first, as long as that one exists.
 */
export function discoveredPeers(options: DiscoveredPeersOptions): DiscoveredPeers {
  return new FoundGateways(options);
}

class FoundGateways implements DiscoveredPeers {
  readonly refused = { own: 0, name: 0, address: 0, limit: 0, rival: 0 };
  readonly #options: DiscoveredPeersOptions;
  readonly #peers: OwnedMap<string, Found>;

  constructor(options: DiscoveredPeersOptions) {
    this.#options = options;
    // A waiting gateway counts against its address.
    this.#peers = new OwnedMap(options.maxPeers, ({ problem, service }) =>
      problem === undefined ? undefined : service.address,
    );
  }

  figures(): QuotaFigures {
    return this.#peers.quota.figures();
  }

  pending(): readonly PendingPeer[] {
    return [...this.#peers.values()].flatMap(({ name, url, problem, lastSeenMs }) =>
      problem === undefined ? [] : [{ name, url, why: problem, lastSeenMs }],
    );
  }

  urlOf(name: string): string | undefined {
    return this.#peers.get(name)?.url;
  }

  found(service: Service): void {
    const { instance, isLocalGateway, staticUrls, scheme, clock } = this.#options;
    const { address, port } = service;
    const name = hostId(service.label);
    const url = `${scheme}://${address}:${port}`;
    if (service.instance === instance || isLocalGateway(address, port)) {
      this.refused.own++;
      return;
    }
    if (staticUrls.includes(url)) return;
    const before = this.#peers.get(name);
    if (before?.url === url) {
      this.#seeAgain(before, service);
      return;
    }
    if (this.#isRefused({ name, url, address }, before)) return;
    if (before) this.#remove(before);
    const lastSeenMs = clock.wallMs();
    this.#take({ name, service, url, problem: 'it is new', isSilent: false, lastSeenMs, rival: undefined });
  }

  gone({ label, address }: Service, reason: 'goodbye' | 'expired'): void {
    const found = this.#peers.get(hostId(label));
    if (found?.service.address !== address) return;
    found.isSilent = true;
    // An accepted gateway that is silent may have lost its network; its link reports that.
    if (reason === 'goodbye' || found.problem !== undefined) this.#remove(found);
  }

  judge(name: string): void {
    const found = this.#peers.get(name);
    if (!found) return;
    this.#judge(found);
    if (found.isSilent && found.problem !== undefined) this.#peers.delete(name);
  }

  #seeAgain(before: Found, service: Service): void {
    before.isSilent = false;
    before.lastSeenMs = this.#options.clock.wallMs();
    if (before.service.proof === service.proof) return;
    const found = { ...before, service };
    this.#peers.set(before.name, found);
    this.#judge(found);
  }

  /** Counts a refused announcement, and logs the first of its kind. */
  #isRefused(
    { name, url, address }: { readonly name: string; readonly url: string; readonly address: string },
    before: Found | undefined,
  ): boolean {
    const { isTaken, log } = this.#options;
    const problem = admissionProblem(url, this.#options);
    if (problem !== undefined) {
      if (this.refused.address++ === 0) log('warn', `A gateway that announces the name ${name} is ignored: ${problem}`);
      return true;
    }
    if (before && before.service.address !== address && !before.isSilent) {
      this.refused.rival++;
      if (before.rival !== url) log('warn', `${url} announces the name ${name}, which ${before.url} already uses`);
      before.rival = url;
      return true;
    }
    if (PEER_NAME.test(name) && name !== 'local' && (before || !isTaken(name))) return false;
    if (this.refused.name++ === 0)
      log('warn', `The gateway at ${url} is ignored: the name ${name} is already in use on this gateway`);
    return true;
  }

  #take(found: Found): void {
    const { maxPeers, log } = this.#options;
    const { name, url } = found;
    if (!this.#makeRoom(found)) {
      this.#peers.quota.refuse();
      if (this.refused.limit++ === 0)
        log(
          'warn',
          `The gateway ${name} at ${url} is ignored: one address may announce at most half of the free entries, all addresses at most ${maxPeers} (aggregation.max_discovered_peers)`,
        );
      return;
    }
    this.#peers.set(name, found);
    this.#judge(found);
    if (found.problem === undefined) return;
    log('warn', `The gateway ${name} at ${url} was discovered, but is not queried: ${found.problem}`);
  }

  #makeRoom(found: Found): boolean {
    // A waiting gateway must leave room for gateways of other addresses.
    if (this.#problemOf(found) !== undefined) return this.#peers.quota.admits(found.service.address);
    if (this.#peers.size < this.#options.maxPeers) return true;
    // Known gateways replace unknown ones that were faster.
    const [stranger] = [...this.#peers.values()].filter(({ problem }) => problem !== undefined);
    if (stranger) this.#remove(stranger);
    return stranger !== undefined;
  }

  #remove({ name, problem }: Found): void {
    this.#peers.delete(name);
    if (problem === undefined) this.#options.hide(name);
  }

  #judge(found: Found): void {
    const { keys, show, hide, log } = this.#options;
    const { name, url } = found;
    const wasVisible = found.problem === undefined;
    found.problem = this.#problemOf(found);
    const isVisible = found.problem === undefined;
    if (this.#peers.get(name) === found) this.#peers.set(name, found);
    if (isVisible === wasVisible) return;
    log(
      'info',
      isVisible ? `The gateway ${name} at ${url} is shown` : `The gateway ${name} is no longer shown: ${found.problem}`,
    );
    const token = keys.get(name);
    if (isVisible) show({ name, url, ...(token !== undefined && { token }) });
    else hide(name);
  }

  /** Returns why a gateway is not shown. */
  #problemOf({ name, url, service }: Found): string | undefined {
    const { keys, approved, isTrusted = () => false } = this.#options;
    const key = keys.get(name);
    if (approved.get(name) === url || (key !== undefined && knowsKey(service, key))) return undefined;
    // A name with a token, or approved at another address, cannot be used by another gateway on any network.
    const at = approved.get(name);
    if (at === undefined && key === undefined && isTrusted(service.address)) return undefined;
    if (at !== undefined) return `it was approved at ${at}, but announces itself at ${url}`;
    return key === undefined ? 'it is not approved' : 'it does not prove that it knows the token for its name';
  }
}
