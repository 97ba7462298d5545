import type { Clock, Names } from '@medkit/edges';
import { within } from '@medkit/edges';
import { isAddress } from './address-ranges.ts';
import { type AllowedTargets, plainName } from './allowed-targets.ts';
import { notPublic } from './not-public.ts';

/** How long a look-up counts: deliveries that follow each other go where the first one went. */
const KEPT_MS = 10_000;
/** Names that are kept; the oldest go. */
const MAX_NAMES = 1000;
/** The system's look-up has no end of its own where no DNS server answers. */
const LOOK_UP_TIMEOUT_MS = 10_000;

/** A delivery may not go where its URL leads to. The message names the place and the remedy. */
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
 * Finds the addresses of receivers and refuses those that nobody allowed: a webhook must not be a way into the network
 * behind the gateway. The addresses that are given have been checked, and are to be connected to without another look-up,
 * which might answer otherwise.
 */
export class TargetAddresses {
  readonly #options: TargetAddressesOptions;
  /** By name, oldest first; one that is under way is waited for by everybody. */
  readonly #lookUps = new Map<string, LookUp>();

  constructor(options: TargetAddressesOptions) {
    this.#options = options;
  }

  /** Why an address that stands in `url` itself is refused; a name has to be looked up first. */
  problemOf(url: URL): string | undefined {
    const host = hostOf(url);
    return isAddress(host) ? this.#refusal(host, [host]) : undefined;
  }

  /**
   * An address of the host of `url`; another one with every `turn`, since of several one may not be reachable. Throws
   * `TargetRefused` where one of them is not allowed, and what the look-up throws.
   */
  async addressOf(url: URL, turn: number): Promise<string> {
    const host = hostOf(url);
    const addresses = isAddress(host) ? [host] : await this.#lookUp(host);
    const refusal = this.#refusal(host, addresses);
    if (refusal !== undefined) throw new TargetRefused(refusal);
    const address = addresses[turn % addresses.length];
    // Without one the name would be looked up once more, by whoever connects, and unchecked.
    if (address === undefined) throw new TargetRefused(`${host} has no address`);
    return address;
  }

  /** All of them count: a name with a public and a private address is not half as dangerous. */
  #refusal(host: string, addresses: readonly string[]): string | undefined {
    const { allowed } = this.#options;
    if (allowed.hasName(host)) return undefined;
    for (const address of addresses) {
      const isKnown = isAddress(address);
      if (isKnown && allowed.hasAddress(address)) continue;
      const kind = isKnown ? notPublic(address) : 'an unknown';
      if (kind === undefined) continue;
      const place = address === host ? `${address} is` : `${host} is at ${address},`;
      return `${place} ${kind} address: name it in webhooks.allowed_targets to deliver there`;
    }
    return undefined;
  }

  #lookUp(host: string): Promise<readonly string[]> {
    const { clock, names } = this.#options;
    const kept = this.#lookUps.get(host);
    if (kept && kept.untilMs > clock.monotonicMs()) return kept.addresses;
    const late = () => {
      throw new Error(`the address of ${host} was not found in ${LOOK_UP_TIMEOUT_MS} ms`);
    };
    const addresses = within(clock, LOOK_UP_TIMEOUT_MS, names.addressesOf(host), late);
    const lookUp = { addresses, untilMs: clock.monotonicMs() + KEPT_MS };
    this.#lookUps.delete(host);
    this.#lookUps.set(host, lookUp);
    if (this.#lookUps.size > MAX_NAMES) this.#lookUps.delete(this.#lookUps.keys().next().value!);
    addresses.catch(() => {
      if (this.#lookUps.get(host) === lookUp) this.#lookUps.delete(host);
    });
    return addresses;
  }
}

/** The host as it is looked up. */
function hostOf({ hostname }: URL): string {
  return plainName(hostname.replace(/^\[(.*)\]$/, '$1'));
}
