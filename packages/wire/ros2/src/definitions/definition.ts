/** The primitive types of ROS 2 messages. `char` is `uint8` in every respect and does not appear. */
const PRIMITIVES = [
  'bool',
  'byte',
  'int8',
  'uint8',
  'int16',
  'uint16',
  'int32',
  'uint32',
  'int64',
  'uint64',
  'float32',
  'float64',
  'string',
  'wstring',
] as const;

export type Primitive = (typeof PRIMITIVES)[number];

export type Literal = number | bigint | boolean | string;

/** `T[n]`, `T[<=n]`, `T[]`. */
export type ArrayShape =
  | { readonly kind: 'fixed'; readonly length: number }
  | { readonly kind: 'bounded'; readonly length: number }
  | { readonly kind: 'unbounded' };

export interface Field {
  readonly name: string;
  /** A primitive, or the full name of another type (`std_msgs/msg/Header`). */
  readonly type: string;
  /** Maximum octets of a `string<=n`, or UTF-16 code units of a `wstring<=n`. */
  readonly stringBound: number | undefined;
  readonly array: ArrayShape | undefined;
  readonly defaultValue: Literal | readonly Literal[] | undefined;
}

export interface Constant {
  readonly name: string;
  readonly type: Primitive;
  readonly value: Literal;
}

/** The definition of one type, parsed from a file or derived from a service or action. */
export interface MessageDefinition {
  /** Full name: `sensor_msgs/msg/LaserScan`, `std_srvs/srv/Trigger_Request`. */
  readonly name: string;
  readonly fields: readonly Field[];
  readonly constants: readonly Constant[];
}

/** A definition violates the grammar of interface files. The message names type, line and what was found. */
export class InvalidDefinition extends Error {
  override readonly name = 'InvalidDefinition';
}

export const isPrimitive = (type: string): type is Primitive => (PRIMITIVES as readonly string[]).includes(type);
