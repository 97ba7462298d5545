import type { Clock, Timer } from '@medkit/edges';
import type { RosEnvironment } from './environment.ts';

/** Interval at which unresolved names of static peers are looked up again. */
const RESOLVE_AGAIN_MS = 5000;

export interface StaticPeersOptions {
  readonly environment: Pick<RosEnvironment, 'peers' | 'peerNames'>;
  readonly clock: Clock;
  readonly resolveHost?: ((name: string) => Promise<string | undefined>) | undefined;
}

/**
 * The addresses of the static peers. Without a network no name can be resolved, and in another network addresses may
 * differ, so names are resolved again.
 */
export class StaticPeers {
  readonly #options: StaticPeersOptions;
  #addresses: readonly string[] = [];
  #unresolved: readonly string[] = [];
  #onChange: (addresses: readonly string[]) => void = () => undefined;
  #timer: Timer | undefined;
  #isClosed = false;

  constructor(options: StaticPeersOptions) {
    this.#options = options;
  }

  get addresses(): readonly string[] {
    return this.#addresses;
  }

  /** One sentence for each name that could not be resolved. */
  get unresolved(): readonly string[] {
    return this.#unresolved;
  }

  async resolve(): Promise<void> {
    const { environment, resolveHost } = this.#options;
    const { peers, unresolved } = await resolvePeers(environment, resolveHost);
    [this.#addresses, this.#unresolved] = [peers, unresolved];
  }

  /** Calls `onChange` with changed addresses. Looks unresolved names up periodically. */
  follow(onChange: (addresses: readonly string[]) => void): void {
    this.#onChange = onChange;
    if (this.#options.resolveHost) this.#retry();
  }

  /** Resolves the names again, because the network has changed. */
  networkChanged(): void {
    if (this.#options.environment.peerNames.length > 0) void this.#resolveAgain();
  }

  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }

  async #resolveAgain(): Promise<void> {
    this.#timer?.cancel();
    const before = this.#addresses.join();
    await this.resolve();
    if (this.#isClosed) return;
    if (this.#addresses.join() !== before) this.#onChange(this.#addresses);
    this.#retry();
  }

  #retry(): void {
    this.#timer?.cancel();
    if (this.#unresolved.length === 0 || this.#isClosed) return;
    this.#timer = this.#options.clock.after(RESOLVE_AGAIN_MS, () => void this.#resolveAgain());
  }
}

/** Returns the addresses of all static peers, and one sentence for each name that could not be resolved. */
async function resolvePeers(
  { peers, peerNames }: Pick<RosEnvironment, 'peers' | 'peerNames'>,
  resolveHost: (name: string) => Promise<string | undefined> = async () => undefined,
): Promise<{ readonly peers: readonly string[]; readonly unresolved: readonly string[] }> {
  const resolved = await Promise.all(peerNames.map(async (name) => ({ name, address: await resolveHost(name) })));
  return {
    peers: [...new Set([...peers, ...resolved.flatMap(({ address }) => address ?? [])])],
    unresolved: resolved
      .filter(({ address }) => address === undefined)
      .map(({ name }) => `ROS_STATIC_PEERS: the address of ${name} could not be found.`),
  };
}
