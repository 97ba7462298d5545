import { type FromData, type MappedValue, type MemberName, memberOf } from './value-map.ts';

/** A message contains no valid value for a member. */
export class NoSuchValue extends Error {
  override readonly name = 'NoSuchValue';
}

/** Returns the field of a message at a dotted path of names and indices, or `undefined`. */
export function fieldOf(message: unknown, path: string): unknown {
  let part = message;
  for (const name of path === '' ? [] : path.split('.')) {
    if (typeof part !== 'object' || part === null || !Object.hasOwn(part, name)) return undefined;
    part = (part as Readonly<Record<string, unknown>>)[name];
  }
  return part;
}

/** Returns the value of a member from a message. Throws `NoSuchValue`. */
export function valueIn(message: unknown, name: MemberName, mapping: FromData): MappedValue {
  const field = fieldOf(message, mapping.path);
  if (field === undefined) throw new NoSuchValue(`it has no field ${mapping.path}`);
  const value = mapping.isQuaternion ? yawOf(field) : wordOf(field, mapping);
  const { kind, allowed = [] } = memberOf(name);
  if (kind === 'flag' && typeof value === 'boolean') return value;
  if (kind === 'text' && typeof value === 'string' && value !== '') return value;
  if (kind === 'word' && typeof value === 'string' && allowed.includes(value)) return value;
  if (kind === 'number' || kind === 'angle') {
    const number = numberOf(value);
    if (number !== undefined) return kind === 'angle' ? turnOf(number * mapping.scale) : number * mapping.scale;
  }
  throw new NoSuchValue(`${mapping.path || 'its value'} is ${quoted(field)}, which is not ${expected[kind]}`);
}

const expected = {
  number: 'a number',
  angle: 'an angle',
  flag: 'true or false; see words',
  text: 'a text',
  word: 'an allowed word; see words',
} as const;

/** Maximum length of a value in an error message. */
const MAX_VALUE_CHARS = 40;

function quoted(value: unknown): string {
  const text = typeof value === 'object' && value !== null ? 'an object' : JSON.stringify(String(value));
  return text.slice(0, MAX_VALUE_CHARS);
}

/** Maps a value with the words of the integrator. */
function wordOf(field: unknown, { words, otherwise }: FromData): unknown {
  if (words === undefined && otherwise === undefined) return field;
  const written = String(field);
  return words !== undefined && Object.hasOwn(words, written) ? words[written] : otherwise;
}

/** Converts to a number. Large integers arrive as `bigint`, NaN and infinities as text. */
function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'bigint' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** Returns the yaw of a unit quaternion. */
function yawOf(orientation: unknown): number {
  const [x, y, z, w] = ['x', 'y', 'z', 'w'].map((name) => numberOf(fieldOf(orientation, name)));
  if (x === undefined || y === undefined || z === undefined || w === undefined) {
    throw new NoSuchValue('the orientation has no x, y, z and w');
  }
  return Math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z));
}

/** Normalizes an angle to -π to π. */
function turnOf(angle: number): number {
  return Math.atan2(Math.sin(angle), Math.cos(angle));
}
