import { InvalidDefinition, isPrimitive, type MessageDefinition } from '../definitions/definition.ts';
import { parseInterface } from '../definitions/parse-interface.ts';
import { interfaceOf, parseTypeName } from '../names/type-names.ts';
import { typeHash } from './hash/rihs01.ts';
import { linkType, type MessageType } from './message-type.ts';
import type { TypeSource } from './type-source.ts';

/** A type whose definition was found. */
export interface KnownType {
  readonly type: MessageType;
  /** `RIHS01_…`. */
  readonly hash: string;
  /** Origin of the definition, see `TypeDescription`. */
  readonly source: string;
}

/** Limits, because type names come from the network. */
const MAX_CACHED_TYPES = 2_000;
const MAX_PROBLEMS = 50;
const MAX_TYPES_OF_ONE = 1_000;

/** Finds type definitions in several sources. Found definitions are cached; missing ones are searched again. */
export class TypeStore {
  readonly #sources: readonly TypeSource[];
  readonly #known = new Map<string, Promise<readonly KnownType[]>>();
  readonly #problems = new Map<string, string>();

  /** `sources` in order of preference. */
  constructor({ sources }: { readonly sources: readonly TypeSource[] }) {
    this.#sources = sources;
  }

  /**
   * Returns the definition of `name`. If the graph announces hashes of the type, only a definition with one of them is
   * returned: decoding with the definition of another distribution would produce wrong values. Otherwise the first
   * source wins.
   */
  async find(name: string, announced: ReadonlySet<string> = new Set()): Promise<KnownType | undefined> {
    const candidates = await this.#candidates(name);
    if (announced.size === 0) return candidates[0];
    const found = candidates.find(({ hash }) => announced.has(hash));
    // The definition that the graph uses may be installed while medkit runs.
    if (!found) this.#known.delete(name);
    return found;
  }

  /** One sentence for each definition that was found but could not be used. */
  get problems(): readonly string[] {
    return [...this.#problems.values()];
  }

  async #candidates(name: string): Promise<readonly KnownType[]> {
    const cached = this.#known.get(name);
    if (cached) return cached;
    const searching = this.#search(name);
    this.#known.set(name, searching);
    if (this.#known.size > MAX_CACHED_TYPES) this.#known.delete(this.#known.keys().next().value!);
    const forget = () => {
      if (this.#known.get(name) === searching) this.#known.delete(name);
    };
    searching.then((found) => found.length === 0 && forget(), forget);
    return searching;
  }

  async #search(name: string): Promise<readonly KnownType[]> {
    const found: KnownType[] = [];
    this.#problems.delete(name);
    for (const source of this.#sources) {
      try {
        const known = await this.#load(name, source);
        if (known && !found.some(({ hash }) => hash === known.hash)) found.push(known);
      } catch (error) {
        // Includes unreadable files: one bad file must not block the other sources.
        this.#report(name, error instanceof Error ? error.message : String(error));
      }
    }
    return found;
  }

  #report(name: string, problem: string): void {
    if (this.#problems.size < MAX_PROBLEMS)
      this.#problems.set(name, `The definition of ${name} is unusable: ${problem}.`);
  }

  /** Loads a type as defined by `source`. Nested types come from the same source if it has them. */
  async #load(name: string, source: TypeSource): Promise<KnownType | undefined> {
    const definitions = new Map<string, MessageDefinition>();
    const sources = [source, ...this.#sources.filter((other) => other !== source)];
    let origin: string | undefined;
    const pending = [name];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      if (definitions.has(next)) continue;
      const found = await readInterface(next, origin === undefined ? [source] : sources);
      if (origin === undefined && !found) return undefined;
      origin ??= found?.source;
      for (const definition of found?.definitions ?? []) {
        definitions.set(definition.name, definition);
        for (const { type } of definition.fields) if (!isPrimitive(type)) pending.push(type);
      }
      if (definitions.size > MAX_TYPES_OF_ONE)
        throw new InvalidDefinition(`it contains more than ${MAX_TYPES_OF_ONE} types`);
    }
    // A file may exist without defining the requested type, such as `Trigger_Foo`.
    if (origin === undefined || !definitions.has(name)) return undefined;
    const type = linkType(name, definitions);
    return { type, hash: typeHash(type), source: origin };
  }
}

async function readInterface(
  name: string,
  sources: readonly TypeSource[],
): Promise<{ readonly definitions: readonly MessageDefinition[]; readonly source: string } | undefined> {
  const parsed = parseTypeName(name);
  if (!parsed) return undefined;
  const base = interfaceOf(parsed);
  for (const source of sources) {
    const found = await source.find(base);
    if (!found) continue;
    try {
      return { definitions: parseInterface(base, found.text), source: found.source };
    } catch (error) {
      if (!(error instanceof InvalidDefinition)) throw error;
      throw new InvalidDefinition(`${found.source}: ${error.message}`);
    }
  }
  return undefined;
}
