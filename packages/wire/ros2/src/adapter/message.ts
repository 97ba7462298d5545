/**
 * A ROS message as plain data: numbers, strings, booleans, nested objects, `bigint` for 64-bit integers, typed arrays for
 * sequences and arrays of numbers (`Uint8Array` … `BigInt64Array`, `Float64Array`), arrays for the rest.
 */
export type RosMessage = { readonly [field: string]: RosValue };
export type RosValue = number | bigint | boolean | string | ArrayBufferView | RosMessage | readonly RosValue[];

/** A message as medkit's REST shows it. `bigint` only where a 64-bit integer is no safe number: write it as bare digits. */
export type JsonValue = null | boolean | number | bigint | string | readonly JsonValue[] | JsonObject;
export type JsonObject = { readonly [member: string]: JsonValue };

/** What is known of a message type. `undefined` from `describeType` where there is no definition. */
export interface TypeDescription {
  /** `sensor_msgs/msg/LaserScan`. */
  readonly name: string;
  /** `RIHS01_<64 hex digits>` (REP 2016). */
  readonly hash: string;
  /** Its `.msg` text, and behind it those of all types within, as rosbag2 and MCAP's `ros2msg` join them. */
  readonly definition: string;
  /** JSON Schema of the message as medkit's REST shows it. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** The message with every field at its default, as JSON. */
  readonly defaultValue: Readonly<Record<string, unknown>>;
  /** Where the definition came from: `bundled`, the path of its file, or the node that described it. */
  readonly source: string;
}
