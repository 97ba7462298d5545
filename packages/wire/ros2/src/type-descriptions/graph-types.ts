import type { KnownType, TypeStore } from '../types/type-store.ts';
import type { DescribedTypes } from './described-types.ts';

interface Dependencies {
  /** The definitions of this machine. */
  readonly store: TypeStore;
  /** Those that nodes of the graph describe. */
  readonly described: DescribedTypes;
  /** The hashes that the graph announces for a type. */
  readonly announced: (type: string) => ReadonlySet<string>;
}

/** The definitions of types as the graph uses them: from this machine, else from a node that uses the type. */
export class GraphTypes {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** May have to ask the graph, which takes some milliseconds, and seconds where nobody answers. */
  async find(type: string): Promise<KnownType | undefined> {
    const { store, described, announced } = this.#deps;
    const hashes = announced(type);
    return (await store.find(type, hashes)) ?? described.find(type, hashes);
  }

  /** Whether a type is known now. One that is not is asked for meanwhile. */
  async isKnown(type: string): Promise<boolean> {
    const { store, described, announced } = this.#deps;
    const hashes = announced(type);
    if ((await store.find(type, hashes)) ?? described.known(type, hashes)) return true;
    void described.find(type, hashes);
    return false;
  }
}
