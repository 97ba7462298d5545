import type { JsonValue, OperationEntry } from '@medkit/core';
import { type RosAdapter, UnknownType } from '@medkit/ros2';
import type { TypeInfos } from '../data/type-infos.ts';
import type { RosOperation } from './ros-operation.ts';

/** The messages of an operation, under the names that clients use. */
const PARTS: Readonly<Record<RosOperation['kind'], Readonly<Record<string, string>>>> = {
  service: { request: '_Request', response: '_Response' },
  action: { goal: '_Goal', result: '_Result', feedback: '_Feedback' },
};

/** Schemas and encoding of the messages of operations. */
export class OperationTypes {
  readonly #adapter: Pick<RosAdapter, 'encode'>;
  readonly #typeInfos: TypeInfos;

  constructor(options: { readonly adapter: Pick<RosAdapter, 'encode'>; readonly typeInfos: TypeInfos }) {
    this.#adapter = options.adapter;
    this.#typeInfos = options.typeInfos;
  }

  /** Returns the JSON Schemas of all parts; `undefined` if a part has no definition. */
  async schemasOf({ kind, type }: RosOperation): Promise<OperationEntry['typeInfo']> {
    const schemas: Record<string, Readonly<Record<string, unknown>>> = {};
    for (const [part, suffix] of Object.entries(PARTS[kind])) {
      const pending = this.#typeInfos.of(`${type}${suffix}`);
      // Awaits only types that were never requested, so that a list of many operations needs no extra turn of the event
      // loop for each.
      const known = pending instanceof Promise ? await pending : pending;
      if (!known) return undefined;
      schemas[part] = known.schema;
    }
    return schemas;
  }

  /** Throws `UnknownType` if the type has no definition. */
  async requireKnown(type: string): Promise<void> {
    if (!(await this.#typeInfos.of(type))) throw new UnknownType(`medkit has no definition of ${type}`);
  }

  /**
   * Encodes arguments, with defaults for omitted members. Throws `UnknownType`, and `InvalidMessage`, also for a member
   * that the type does not have.
   */
  async encode(type: string, input: JsonValue | undefined): Promise<Uint8Array> {
    const value = input ?? {};
    await this.#typeInfos.assertMembers(type, value);
    return this.#adapter.encode(type, value);
  }
}
