import type { JsonObject, JsonValue } from '@medkit/core';

/** The field of a message that says what it is about, by type. */
const PRIMARY_FIELDS: ReadonlyMap<string, string> = new Map([
  ...['Bool', 'Float32', 'Float64', 'Int32', 'Int64', 'String'].map(
    (type) => [`std_msgs/msg/${type}`, 'data'] as const,
  ),
  ['sensor_msgs/msg/Temperature', 'temperature'],
  ['sensor_msgs/msg/BatteryState', 'percentage'],
  ['sensor_msgs/msg/FluidPressure', 'fluid_pressure'],
  ['sensor_msgs/msg/Range', 'range'],
  ['geometry_msgs/msg/Twist', 'linear'],
  ['nav_msgs/msg/Odometry', 'pose'],
]);

/** What a message is about: 85.5 of a temperature. `undefined` for a type of which that is not known. */
export function primaryValue(messageType: string, message: JsonValue): JsonValue | undefined {
  const field = PRIMARY_FIELDS.get(messageType);
  return field !== undefined && isObject(message) && Object.hasOwn(message, field) ? message[field] : undefined;
}

export function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
