import type { KnownType } from '../types/type-store.ts';

/** Names of types come from the network. */
const MAX_CACHED_TYPES = 2_000;

/** Keeps what the other thread said of a type until the graph says something new of it. */
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
    // A definition that is missing now may be there when somebody asks again.
    asking.then((found) => found ?? forget(), forget);
    return asking;
  }

  forget(types: Iterable<string>): void {
    for (const type of types) this.#known.delete(type);
  }
}
