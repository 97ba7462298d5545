import type { JsonValue } from '@medkit/core';
import {
  type BrowsedNode,
  canonicalNodeId,
  type MethodArgument,
  type PlcQuality,
  type PlcScalar,
  type ValueRange,
} from '@medkit/opcua';

/** A node of a PLC in memory. See `MemoryPlc.add` for default values. */
export interface MemoryNode {
  readonly kind: BrowsedNode['kind'];
  /** Parent of the node. */
  readonly parent: string;
  readonly browseName: string;
  readonly displayName: string;
  /** Value of a variable. */
  readonly value: JsonValue | undefined;
  /** Why an existing value is not shown. */
  readonly unshown?: string;
  readonly quality: PlcQuality;
  readonly status: string;
  readonly sourceTimeNs: bigint | undefined;
  /** Name of its built-in type; absent for non-scalar types. */
  readonly type: string | undefined;
  readonly unit: string | undefined;
  readonly range?: ValueRange;
  readonly names?: ReadonlyMap<number, string>;
  readonly isWritable: boolean;
  /** Arguments of a method. */
  readonly input: readonly MethodArgument[];
  readonly output: readonly MethodArgument[];
  /** Implementation of the method. */
  readonly answer: (input: readonly PlcScalar[]) => readonly (JsonValue | undefined)[];
}

/** Returns the canonical text of a test's node id. Throws if it is invalid, which is an error in the test. */
export function idOf(nodeId: string): string {
  const canonical = canonicalNodeId(nodeId);
  if (canonical === undefined)
    throw new Error(`expected a node id such as ns=2;s=Tank.Level, found ${JSON.stringify(nodeId)}`);
  return canonical;
}

/** Returns the built-in type that a PLC would use for such a value. */
export function typeOf(value: JsonValue | undefined): string | undefined {
  switch (typeof value) {
    case 'number':
      return 'Double';
    case 'bigint':
      return 'Int64';
    case 'boolean':
      return 'Boolean';
    case 'string':
      return 'String';
    default:
      return undefined;
  }
}
