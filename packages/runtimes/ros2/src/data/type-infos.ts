import { errorMessage, type JsonValue, type Log, nearestName, type TypeInfo } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { InvalidMessage, type RosAdapter } from '@medkit/ros2';
import { unknownMember } from './unknown-member.ts';

/** Maximum stored types: far more than a robot uses, and a bound for graphs with generated types. */
const MAX_TYPES = 2000;
/** How long a type is treated as unknown before it is requested again: its definition may have been added. */
const UNKNOWN_FOR_MS = 10_000;
/** Maximum fields listed in an error. */
const MAX_NAMED = 8;

interface Known {
  readonly typeInfo: TypeInfo | undefined;
  readonly untilMs: number;
}

/** Schema and default of message types, requested once per type. */
export class TypeInfos {
  readonly #adapter: Pick<RosAdapter, 'describeType'>;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #known = new Map<string, Known>();
  readonly #pending = new Map<string, Promise<TypeInfo | undefined>>();

  constructor(options: {
    readonly adapter: Pick<RosAdapter, 'describeType'>;
    readonly clock: Clock;
    readonly log: Log;
  }) {
    this.#adapter = options.adapter;
    this.#clock = options.clock;
    this.#log = options.log;
  }

  /**
   * Returns the information about a type; `undefined` if it has no definition. Returns a promise only if it must be
   * requested first.
   */
  of(type: string): TypeInfo | undefined | Promise<TypeInfo | undefined> {
    const known = this.#known.get(type);
    if (known && known.untilMs > this.#clock.monotonicMs()) return known.typeInfo;
    const pending = this.#pending.get(type);
    if (pending) return pending;
    const asking = this.#ask(type).finally(() => this.#pending.delete(type));
    this.#pending.set(type, asking);
    return asking;
  }

  /**
   * Throws `InvalidMessage` for a member that the type does not have. Ignoring a misspelled member would make the robot
   * do something else than requested. Missing members are allowed.
   */
  async assertMembers(type: string, value: JsonValue): Promise<void> {
    const known = await this.of(type);
    const surplus = known && unknownMember(known.schema, value);
    if (!surplus) return;
    const nearest = nearestName(surplus.name, surplus.known);
    const suggestion = nearest === undefined ? '' : `; did you mean ${nearest}?`;
    throw new InvalidMessage(`${surplus.path}: ${type} has no such field${suggestion}`);
  }

  /**
   * Throws `InvalidMessage` for a message without fields if its type has fields: publishing it would set every field to
   * its default, such as zero.
   */
  async assertSomeField(type: string, value: JsonValue): Promise<void> {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || Object.keys(value).length > 0) return;
    const properties = Object.keys(Object((await this.of(type))?.schema['properties']));
    if (properties.length === 0) return;
    const named = properties.slice(0, MAX_NAMED).join(', ');
    throw new InvalidMessage(`data has no field of ${type}, so every field would get its default: set ${named}`);
  }

  async #ask(type: string): Promise<TypeInfo | undefined> {
    const description = await this.#adapter.describeType(type).catch((error: unknown) => {
      // A definition that cannot be read must not block access to the values.
      this.#log('warn', `Cannot use the definition of ${type}: ${errorMessage(error)}`);
      return undefined;
    });
    const typeInfo = description && { schema: description.schema, default_value: description.defaultValue };
    const untilMs = typeInfo ? Number.POSITIVE_INFINITY : this.#clock.monotonicMs() + UNKNOWN_FOR_MS;
    if (this.#known.size >= MAX_TYPES) this.#known.clear();
    this.#known.set(type, { typeInfo, untilMs });
    return typeInfo;
  }
}
