import { type DataRef, dataPath } from '../entity-path.ts';
import { NoSuchValue, valueIn } from './field.ts';
import {
  type FromData,
  type MappedValue,
  MEMBER_NAMES,
  type MemberName,
  memberOf,
  type ValueMap,
} from './value-map.ts';

interface Held {
  readonly value: MappedValue;
  readonly atMs: number;
}

/** A data item with the members that are mapped from it. */
export interface ValueSource {
  readonly data: DataRef;
  readonly members: readonly (readonly [MemberName, FromData])[];
  readonly isUrgent: boolean;
}

/** Returns the data items of all members, each once. */
export function sourcesOf({ members }: ValueMap): readonly ValueSource[] {
  const sources = new Map<string, (readonly [MemberName, FromData])[]>();
  for (const name of MEMBER_NAMES) {
    const mapping = members[name];
    if (mapping?.kind !== 'data') continue;
    const path = dataPath(mapping.source);
    sources.set(path, [...(sources.get(path) ?? []), [name, mapping]]);
  }
  return [...sources.values()].map((members) => ({
    data: members[0]![1].source,
    members,
    isUrgent: members.some(([name]) => memberOf(name).isUrgent === true),
  }));
}

/** The last valid value of each member that is mapped from data. */
export class LastValues {
  readonly #held = new Map<MemberName, Held>();
  readonly #problems = new Map<MemberName, string>();

  /** Stores the values of a message of a data item. */
  take({ members }: ValueSource, message: unknown, nowMs: number): void {
    for (const [name, mapping] of members) {
      try {
        this.#held.set(name, { value: valueIn(message, name, mapping), atMs: nowMs });
        this.#problems.delete(name);
      } catch (error) {
        if (!(error instanceof NoSuchValue)) throw error;
        this.#problems.set(name, `${dataPath(mapping.source)}: ${error.message}`);
      }
    }
  }

  /** Records why a data item has no messages. */
  fail({ data, members }: ValueSource, problem: string): void {
    for (const [name] of members) this.#problems.set(name, `${dataPath(data)}: ${problem}`);
  }

  valueOf(name: MemberName): MappedValue | undefined {
    return this.#held.get(name)?.value;
  }

  isStale(name: MemberName, { maxAgeMs }: FromData, nowMs: number): boolean {
    const held = this.#held.get(name);
    return held !== undefined && nowMs - held.atMs > maxAgeMs;
  }

  problemOf(name: MemberName): string | undefined {
    return this.#problems.get(name);
  }
}
