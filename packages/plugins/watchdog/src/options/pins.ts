import { isJsonObject } from '@medkit/core';
import { isScalar, type OptionReader } from '@medkit/plugin';

/** Maximum depth of a parameter name such as `a.b.c`: Nav2's plugins have up to five. */
const MAX_DEPTH = 16;

/**
 * Reads required parameter values by node and by full name: `FollowPath: {max_vel_x: 0.5}` equals
 * `FollowPath.max_vel_x: 0.5`.
 */
export function readPins(reader: OptionReader, key: string): ReadonlyMap<string, ReadonlyMap<string, unknown>> {
  const nodes = reader.section(key);
  const pins = new Map<string, ReadonlyMap<string, unknown>>();
  for (const node of nodes.keys) {
    const raw = nodes.raw(node);
    if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
      nodes.warn(node, 'must be a section of parameters; it is ignored');
      continue;
    }
    const ofNode = new Map<string, unknown>();
    flatten(raw as Readonly<Record<string, unknown>>, '', 0, (name, value) => {
      const isValue = isScalar(value) || (Array.isArray(value) && value.every(isScalar));
      if (!isValue) nodes.warn(node, `has no valid value for ${name}; it is ignored`);
      else if (ofNode.has(name)) nodes.warn(node, `sets ${name} twice; the first value is used`);
      else ofNode.set(name, value);
    });
    if (ofNode.size > 0) pins.set(node, ofNode);
  }
  return pins;
}

function flatten(
  section: Readonly<Record<string, unknown>>,
  prefix: string,
  depth: number,
  take: (name: string, value: unknown) => void,
): void {
  for (const [key, value] of Object.entries(section)) {
    const name = `${prefix}${key}`;
    if (depth < MAX_DEPTH && isJsonObject(value)) flatten(value, `${name}.`, depth + 1, take);
    else take(name, value);
  }
}
