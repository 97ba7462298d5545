import type { KnownType } from '../types/type-store.ts';

/** Limit, because type names come from the network. */
const MAX_CACHED_TYPES = 2_000;

/** Caches type definitions of the other thread until the graph changes for the type. */
export class TypeCache {
  readonly #ask: (type: string) => Promise<KnownType | undefined>;
  readonly #known = new Map<string, Promise<KnownType | undefined>>();

  constructor({ ask }: { readonly ask: (type: string) => Promise<KnownType | undefined> }) {
    this.#ask = ask;
  }

  find(type: string): Promise<KnownType | undefined> {
    const known = this.#known.get(type);
    if (known) return known;
    const asking = this.#ask(type);
    this.#known.set(type, asking);
    if (this.#known.size > MAX_CACHED_TYPES) this.#known.delete(this.#known.keys().next().value!);
    const forget = () => {
      if (this.#known.get(type) === asking) this.#known.delete(type);
    };
    // A definition that is missing now may be available at the next request.
    asking.then((found) => found ?? forget(), forget);
    return asking;
  }

  forget(types: Iterable<string>): void {
    for (const type of types) this.#known.delete(type);
  }
}
