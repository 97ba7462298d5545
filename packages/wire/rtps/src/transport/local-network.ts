import type { NetworkInterface } from '@medkit/edges';
import type { InterfaceEvent } from '../model/api.ts';
import { chooseInterfaces } from './interface-choice.ts';
import { isLocalHost, type Reachability } from './route.ts';
import type { Transport, UsedInterface } from './transport.ts';

/** Number of polls after which a refused interface is tried again. */
const RETRY_LOOKS = 10;

/** A change of an interface in use. */
export type InterfaceChange = Omit<InterfaceEvent, 'agoMs'>;

export interface InterfaceSource {
  /** The interfaces of this machine that are up and have an IPv4 address. */
  readonly available: () => readonly NetworkInterface[];
  /** Returns whether this machine has an address, regardless of its link state. */
  readonly hasAddress: (address: string) => Promise<boolean>;
  /** Interface names or addresses to use. `undefined`: all except loopback. */
  readonly wanted: readonly string[] | undefined;
}

/** The interfaces in use. `follow` updates them from the interfaces of this machine. */
export class LocalNetwork implements Reachability {
  readonly #source: InterfaceSource;
  chosen: readonly NetworkInterface[];
  down: readonly NetworkInterface[] = [];
  all: readonly NetworkInterface[];
  /** The latest list of interfaces as JSON. */
  #seen: string;
  /** Addresses missing from the latest list. A link that returns by the next poll does not count as down. */
  #missing = new Set<string>();
  /** Polls since an interface was refused; 0 if none is refused. */
  #looksSinceRefusal = 0;

  /** Throws `NoSuchInterface` if a requested interface does not exist. */
  constructor(source: InterfaceSource) {
    this.#source = source;
    this.all = source.available();
    this.chosen = chooseInterfaces(this.all, source.wanted);
    this.#seen = JSON.stringify(this.all);
  }

  /** Whether the interfaces in use can change. Loopback cannot. */
  get canChange(): boolean {
    const { wanted } = this.#source;
    return wanted === undefined || wanted.length === 0 || this.chosen.some(({ loopback }) => !loopback);
  }

  /** Returns whether datagrams to an address may arrive: it is on this machine, or a network is up. */
  reaches(address: string): boolean {
    return isLocalHost(this, address) || this.chosen.some(({ loopback }) => !loopback);
  }

  /** Makes `transport` use the currently available interfaces. Returns the changes. */
  async follow(transport: Transport): Promise<readonly InterfaceChange[]> {
    const available = this.#source.available();
    const text = JSON.stringify(available);
    const wasRefused = this.#looksSinceRefusal > 0;
    if (wasRefused) this.#looksSinceRefusal += 1;
    const isRetry = this.#looksSinceRefusal > RETRY_LOOKS;
    if (text === this.#seen && this.#missing.size === 0 && !isRetry) return [];
    const isSame = text === this.#seen;
    this.#seen = text;
    const before = transport.used;
    const next = await this.#next(available, before);
    const changes = [...changesBetween(before, next)];
    if (changes.length === 0 || (isSame && wasRefused && !isRetry)) return [];
    const refused = await transport.use(next);
    this.#looksSinceRefusal = refused.length > 0 ? 1 : 0;
    this.#take(available, transport.used);
    const isUsed = ({ address }: InterfaceChange): boolean => refused.every(([network]) => network.address !== address);
    return [
      ...changes.filter(isUsed),
      // Repeated refusals were already reported.
      ...(wasRefused ? [] : refused).map(([{ name, address }, reason]) => ({
        ...{ name, address, reason },
        change: 'refused' as const,
      })),
    ];
  }

  #take(available: readonly NetworkInterface[], used: readonly UsedInterface[]): void {
    const up = used.filter(({ isDown }) => !isDown).map(({ network }) => network);
    const every = used.map(({ network }) => network);
    this.chosen = up.length > 0 ? up : every;
    this.down = every.filter((network) => !this.chosen.includes(network));
    this.all = [...available, ...every.filter(({ address }) => !has(available, address))];
  }

  /** Returns the interfaces to use: those chosen, and those in use whose address still exists. */
  async #next(
    available: readonly NetworkInterface[],
    before: readonly UsedInterface[],
  ): Promise<readonly UsedInterface[]> {
    const next = new Map<string, UsedInterface>();
    const missing = new Set<string>();
    for (const { network, isDown } of before) {
      const { address } = network;
      const same = available.find((each) => each.address === address);
      if (same) next.set(address, { network: same, isDown: false });
      else if (await this.#source.hasAddress(address)) {
        next.set(address, { network, isDown: isDown || this.#missing.has(address) });
        missing.add(address);
      }
    }
    this.#missing = missing;
    const hasExternal = [...next.values()].some(({ network }) => !network.loopback);
    for (const network of choose(available, this.#source.wanted)) {
      // Loopback is used only if there is no network at all, not if a cable is briefly unplugged.
      if (!next.has(network.address) && !(network.loopback && hasExternal)) {
        next.set(network.address, { network, isDown: false });
      }
    }
    return [...next.values()];
  }
}

function choose(
  available: readonly NetworkInterface[],
  wanted: readonly string[] | undefined,
): readonly NetworkInterface[] {
  if (available.length === 0) return [];
  if (!wanted || wanted.length === 0) return chooseInterfaces(available, wanted);
  return available.filter(({ name, address }) => wanted.includes(name) || wanted.includes(address));
}

function* changesBetween(
  before: readonly UsedInterface[],
  after: readonly UsedInterface[],
): Generator<InterfaceChange, void> {
  const inList = (list: readonly UsedInterface[], wanted: string) =>
    list.find(({ network }) => network.address === wanted);
  for (const { network, isDown } of before) {
    const { name, address } = network;
    const now = inList(after, address);
    if (!now) yield { name, address, change: 'removed' };
    else if (now.isDown !== isDown) yield { name, address, change: now.isDown ? 'down' : 'up' };
  }
  for (const { network } of after) {
    const { name, address } = network;
    if (!inList(before, address)) yield { name, address, change: 'added' };
  }
}

const has = (list: readonly NetworkInterface[], wanted: string): boolean =>
  list.some(({ address }) => address === wanted);
