/**
 * True for a node that only serves the inner workings of another: by ROS convention its name begins with `_`. The name
 * is judged, not the app id, since a prefix for a collision of names would hide the underscore.
 */
export function isInternalNode(name: string): boolean {
  return name.startsWith('_');
}
