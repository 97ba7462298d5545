import type { NetworkInterface } from '@medkit/edges';
import type { InterfaceEvent } from '../model/api.ts';
import { chooseInterfaces } from './interface-choice.ts';
import { isOwnHost, type Reachability } from './route.ts';
import type { Transport, UsedInterface } from './transport.ts';

/** Looks at the interfaces until one that was refused is tried again. */
const RETRY_LOOKS = 10;

/** What happened to an interface in use. */
export type InterfaceChange = Omit<InterfaceEvent, 'agoMs'>;

export interface InterfaceSource {
  /** The interfaces of this machine that are up and have an IPv4 address. */
  readonly available: () => readonly NetworkInterface[];
  /** Whether this machine has an address, be its link up or down. */
  readonly hasAddress: (address: string) => Promise<boolean>;
  /** Interface names or addresses to use; `undefined` for all but loopback. */
  readonly wanted: readonly string[] | undefined;
}

/** The interfaces in use. `follow` brings them up to date with those of this machine. */
export class LocalNetwork implements Reachability {
  readonly #source: InterfaceSource;
  chosen: readonly NetworkInterface[];
  down: readonly NetworkInterface[] = [];
  all: readonly NetworkInterface[];
  /** The list that was looked at last, as text. */
  #seen: string;
  /** Addresses missing from the last list: a link that is back at the next look does not count as down. */
  #missing = new Set<string>();
  /** Looks since an interface was refused; 0 if none is. */
  #looksSinceRefusal = 0;

  /** Throws `NoSuchInterface` if an interface that is wanted does not exist. */
  constructor(source: InterfaceSource) {
    this.#source = source;
    this.all = source.available();
    this.chosen = chooseInterfaces(this.all, source.wanted);
    this.#seen = JSON.stringify(this.all);
  }

  /** Whether the interfaces in use can change: loopback does not. */
  get canChange(): boolean {
    const { wanted } = this.#source;
    return wanted === undefined || wanted.length === 0 || this.chosen.some(({ loopback }) => !loopback);
  }

  /** Whether datagrams to an address may arrive: it is on this machine, or some network is up. */
  reaches(address: string): boolean {
    return isOwnHost(this, address) || this.chosen.some(({ loopback }) => !loopback);
  }

  /** Has `transport` use the interfaces that are there now, and returns what changed. */
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
      // What is refused again was reported before.
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

  /** The interfaces to use: those chosen, and those in use before whose address is still there. */
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
      // Loopback is what is left where there is no network at all; a cable that is out for a moment is none of that.
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
