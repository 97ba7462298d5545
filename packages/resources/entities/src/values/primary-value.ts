import { isJsonObject, type JsonValue } from '@medkit/core';

/** The primary field of a message, by type. */
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

/** Returns the primary value of a message, 85.5 for a temperature, or `undefined` if its type defines none. */
export function primaryValue(messageType: string, message: JsonValue): JsonValue | undefined {
  const field = PRIMARY_FIELDS.get(messageType);
  return field !== undefined && isJsonObject(message) && Object.hasOwn(message, field) ? message[field] : undefined;
}
