import type { Clock, Names } from '@medkit/edges';
import { within } from '@medkit/edges';
import { nonPublicKind } from './address-kind.ts';
import { isAddress } from './address-ranges.ts';
import { type AllowedTargets, plainName } from './allowed-targets.ts';

/** How long a look-up is valid, so that consecutive deliveries reach the same server. */
const LOOK_UP_VALID_MS = 10_000;
/** Maximum cached names; the oldest are evicted. */
const MAX_NAMES = 1000;
/** Time limit of a look-up: the system resolver has none if no DNS server answers. */
const LOOK_UP_TIMEOUT_MS = 10_000;

/** A delivery to this address is not allowed. The message names the address and the remedy. */
export class TargetRefused extends Error {
  override readonly name = 'TargetRefused';
}

export interface TargetAddressesOptions {
  readonly names: Names;
  readonly allowed: AllowedTargets;
  readonly clock: Clock;
}

interface LookUp {
  readonly untilMs: number;
  readonly addresses: Promise<readonly string[]>;
}

/**
 * Resolves the addresses of receivers and rejects those that the operator did not allow: a webhook must not give access
 * to the network behind the gateway. Connect to the returned address without another look-up, which might return a
 * different one.
 */
export class TargetAddresses {
  readonly #options: TargetAddressesOptions;
  /** By name, oldest first. Concurrent callers share a pending look-up. */
  readonly #lookUps = new Map<string, LookUp>();

  constructor(options: TargetAddressesOptions) {
    this.#options = options;
  }

  /** Returns why an address in `url` itself is rejected. A host name has to be resolved first. */
  problemOf(url: URL): string | undefined {
    const host = hostOf(url);
    return isAddress(host) ? this.#refusal(host, [host]) : undefined;
  }

  /**
   * Returns an address of the host of `url`. Each `turn` selects another one, since some may be unreachable. Throws
   * `TargetRefused` if any of them is not allowed, or the error of the look-up.
   */
  async addressOf(url: URL, turn: number): Promise<string> {
    const host = hostOf(url);
    const addresses = isAddress(host) ? [host] : await this.#lookUp(host);
    const refusal = this.#refusal(host, addresses);
    if (refusal !== undefined) throw new TargetRefused(refusal);
    const address = addresses[turn % addresses.length];
    // Without an address, the HTTP client would resolve the name itself, unchecked.
    if (address === undefined) throw new TargetRefused(`${host} has no address`);
    return address;
  }

  /** Checks all addresses: a name with a public and a private address is as dangerous as a private one. */
  #refusal(host: string, addresses: readonly string[]): string | undefined {
    const { allowed } = this.#options;
    if (allowed.hasName(host)) return undefined;
    for (const address of addresses) {
      const isKnown = isAddress(address);
      if (isKnown && allowed.hasAddress(address)) continue;
      const kind = isKnown ? nonPublicKind(address) : 'an unknown';
      if (kind === undefined) continue;
      const place = address === host ? `${address} is` : `${host} is at ${address},`;
      return `${place} ${kind} address: to allow it, add it to webhooks.allowed_targets`;
    }
    return undefined;
  }

  #lookUp(host: string): Promise<readonly string[]> {
    const { clock, names } = this.#options;
    const cached = this.#lookUps.get(host);
    if (cached && cached.untilMs > clock.monotonicMs()) return cached.addresses;
    const late = () => {
      throw new Error(`the address of ${host} was not resolved within ${LOOK_UP_TIMEOUT_MS} ms`);
    };
    const addresses = within(clock, LOOK_UP_TIMEOUT_MS, names.addressesOf(host), late);
    const lookUp = { addresses, untilMs: clock.monotonicMs() + LOOK_UP_VALID_MS };
    this.#lookUps.delete(host);
    this.#lookUps.set(host, lookUp);
    if (this.#lookUps.size > MAX_NAMES) this.#lookUps.delete(this.#lookUps.keys().next().value!);
    addresses.catch(() => {
      if (this.#lookUps.get(host) === lookUp) this.#lookUps.delete(host);
    });
    return addresses;
  }
}

/** Returns the host in normalized form, without brackets. */
function hostOf({ hostname }: URL): string {
  return plainName(hostname.replace(/^\[(.*)\]$/, '$1'));
}
