import type { Names } from '../names.ts';

/** Resolves host names from a table, for tests. The table may change during the test. */
export class SimulatedNames implements Names {
  readonly addresses: Record<string, readonly string[]>;
  /** Names that were looked up, in order. */
  readonly lookups: string[] = [];

  constructor(addresses: Readonly<Record<string, readonly string[]>> = {}) {
    this.addresses = { ...addresses };
  }

  async addressesOf(name: string): Promise<readonly string[]> {
    this.lookups.push(name);
    const found = this.addresses[name];
    if (!found) throw new Error(`getaddrinfo ENOTFOUND ${name}`);
    return found;
  }
}
