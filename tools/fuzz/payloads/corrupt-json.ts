import type { Random } from '@medkit/edges';
import type { JsonValue } from '@medkit/ros2';

const WILD: readonly JsonValue[] = [
  null,
  true,
  -1,
  0.5,
  1e300,
  Number.NaN,
  2n ** 63n,
  -(2n ** 70n),
  '',
  'NaN',
  '\ud800',
  'x'.repeat(300),
  [],
  [[[]]],
  [null, 1, 'a'],
  {},
  { __proto__: null, length: 5 },
  { sec: 'later', constructor: 1 },
];

/** Replaces one member or element, at any depth, with an extreme value. */
export function corruptJson(value: JsonValue, random: Random): JsonValue {
  const wild = () => WILD[Math.floor(random.float() * WILD.length)];
  if (random.float() < 0.15 || typeof value !== 'object' || value === null) return wild();
  const keys = Object.keys(value);
  if (keys.length === 0) return wild();
  const key = keys[Math.floor(random.float() * keys.length)];
  if (Array.isArray(value))
    return value.map((each, index) => (String(index) === key ? corruptJson(each, random) : each));
  const object = value as { readonly [member: string]: JsonValue };
  const name = random.float() < 0.1 ? 'no_such_field' : key;
  return { ...object, [name]: corruptJson(object[key], random) };
}
