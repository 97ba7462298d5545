import type { JsonValue } from '@medkit/core';
import { canonicalNodeId } from '../session/node-id.ts';
import type { BrowsedNode, MethodArgument, ValueRange } from '../session/plc-session.ts';
import type { PlcQuality, PlcScalar } from '../values/plc-reading.ts';

/** A node of a PLC that is in memory alone. What is left out is as `MemoryPlc.add` says. */
export interface MemoryNode {
  readonly kind: BrowsedNode['kind'];
  /** The node that it is below of. */
  readonly parent: string;
  readonly browseName: string;
  readonly displayName: string;
  /** Of a variable. */
  readonly value: JsonValue | undefined;
  /** Why a value that there is is not shown. */
  readonly unshown?: string;
  readonly quality: PlcQuality;
  readonly status: string;
  readonly sourceTimeNs: bigint | undefined;
  /** Name of its built-in type; absent for one that is no scalar. */
  readonly type: string | undefined;
  readonly unit: string | undefined;
  readonly range?: ValueRange;
  readonly names?: ReadonlyMap<number, string>;
  readonly isWritable: boolean;
  /** Of a method. */
  readonly input: readonly MethodArgument[];
  readonly output: readonly MethodArgument[];
  /** What it does when it is called. */
  readonly answer: (input: readonly PlcScalar[]) => readonly (JsonValue | undefined)[];
}

/** The canonical text of a node id of a test. Throws for one that is none: that is a slip of the test. */
export function idOf(nodeId: string): string {
  const canonical = canonicalNodeId(nodeId);
  if (canonical === undefined)
    throw new Error(`expected a node id as ns=2;s=Tank.Level, found ${JSON.stringify(nodeId)}`);
  return canonical;
}

/** The built-in type that a PLC would have such a value in. */
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
