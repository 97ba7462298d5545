import type { Names } from '../names.ts';

/** Names of machines, for tests: those that it is given, which may change while it is in use. */
export class SimulatedNames implements Names {
  readonly addresses: Record<string, readonly string[]>;
  /** Names that were looked up, in their order. */
  readonly asked: string[] = [];

  constructor(addresses: Readonly<Record<string, readonly string[]>> = {}) {
    this.addresses = { ...addresses };
  }

  async addressesOf(name: string): Promise<readonly string[]> {
    this.asked.push(name);
    const found = this.addresses[name];
    if (!found) throw new Error(`getaddrinfo ENOTFOUND ${name}`);
    return found;
  }
}
