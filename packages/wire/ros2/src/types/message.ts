/**
 * A ROS message as plain data: numbers, strings, booleans, nested objects, `bigint` for 64-bit integers. Sequences and
 * arrays of numbers are typed arrays (`Uint8Array` … `BigInt64Array`, `Float64Array`), other ones are arrays.
 */
export type RosMessage = { readonly [field: string]: RosValue };
export type RosValue = number | bigint | boolean | string | ArrayBufferView | RosMessage | readonly RosValue[];

/**
 * A message in medkit's REST API. `bigint` is used only if a 64-bit integer is no safe number; serialise it as plain
 * digits.
 */
export type JsonValue = null | boolean | number | bigint | string | readonly JsonValue[] | JsonObject;
export type JsonObject = { readonly [member: string]: JsonValue };

/** Description of a message type. `describeType` returns `undefined` if there is no definition. */
export interface TypeDescription {
  /** `sensor_msgs/msg/LaserScan`. */
  readonly name: string;
  /** `RIHS01_<64 hex digits>` (REP 2016). */
  readonly hash: string;
  /** Its `.msg` text, followed by those of all nested types, in the format of rosbag2 and MCAP's `ros2msg`. */
  readonly definition: string;
  /** JSON Schema of the message in medkit's REST API. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** The message with every field at its default, as JSON. */
  readonly defaultValue: Readonly<Record<string, unknown>>;
  /** Origin of the definition: `bundled`, the path of its file, or the node that described it. */
  readonly source: string;
}
