import type { KnownType, TypeStore } from '../types/type-store.ts';
import type { TypeDescriptionCache } from './type-description-cache.ts';

interface Dependencies {
  /** The definitions of this machine. */
  readonly store: TypeStore;
  /** The definitions described by nodes of the graph. */
  readonly described: TypeDescriptionCache;
  /** Returns the hashes that the graph announces for a type. */
  readonly announced: (type: string) => ReadonlySet<string>;
}

/** Type definitions in the version that the graph uses: from this machine, otherwise from a node that uses the type. */
export class GraphTypes {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** May have to ask the graph, which takes some milliseconds, or seconds if no node answers. */
  async find(type: string): Promise<KnownType | undefined> {
    const { store, described, announced } = this.#deps;
    const hashes = announced(type);
    return (await store.find(type, hashes)) ?? described.find(type, hashes);
  }

  /** Returns whether a type is known now. An unknown type is requested in the background. */
  async isKnown(type: string): Promise<boolean> {
    const { store, described, announced } = this.#deps;
    const hashes = announced(type);
    if ((await store.find(type, hashes)) ?? described.known(type, hashes)) return true;
    void described.find(type, hashes);
    return false;
  }
}
