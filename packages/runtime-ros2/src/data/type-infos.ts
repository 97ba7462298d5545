import { type Log, reasonOf, type TypeInfo } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { RosAdapter } from '@medkit/ros2';

/** Types that are remembered: far more than a robot uses, and a bound for a graph that invents them. */
const MAX_TYPES = 2000;
/** How long a type is taken as unknown before it is asked for again: somebody may have added its definition. */
const UNKNOWN_FOR_MS = 10_000;

interface Known {
  readonly typeInfo: TypeInfo | undefined;
  readonly untilMs: number;
}

/** Schema and default of message types, asked for once per type. */
export class TypeInfos {
  readonly #adapter: Pick<RosAdapter, 'describeType'>;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #known = new Map<string, Known>();
  readonly #asked = new Map<string, Promise<TypeInfo | undefined>>();

  constructor(options: {
    readonly adapter: Pick<RosAdapter, 'describeType'>;
    readonly clock: Clock;
    readonly log: Log;
  }) {
    this.#adapter = options.adapter;
    this.#clock = options.clock;
    this.#log = options.log;
  }

  /** What is known of a type, `undefined` where it has no definition. A promise only where it must be asked for first. */
  of(type: string): TypeInfo | undefined | Promise<TypeInfo | undefined> {
    const known = this.#known.get(type);
    if (known && known.untilMs > this.#clock.monotonicMs()) return known.typeInfo;
    const asked = this.#asked.get(type);
    if (asked) return asked;
    const asking = this.#ask(type).finally(() => this.#asked.delete(type));
    this.#asked.set(type, asking);
    return asking;
  }

  async #ask(type: string): Promise<TypeInfo | undefined> {
    const description = await this.#adapter.describeType(type).catch((error: unknown) => {
      // A definition that cannot be read must not keep anybody from the values.
      this.#log('warn', `The definition of ${type} cannot be used: ${reasonOf(error)}`);
      return undefined;
    });
    const typeInfo = description && { schema: description.schema, default_value: description.defaultValue };
    const untilMs = typeInfo ? Number.POSITIVE_INFINITY : this.#clock.monotonicMs() + UNKNOWN_FOR_MS;
    if (this.#known.size >= MAX_TYPES) this.#known.clear();
    this.#known.set(type, { typeInfo, untilMs });
    return typeInfo;
  }
}
