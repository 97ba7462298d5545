import { type FromData, type MappedValue, type MemberName, memberOf } from './value-map.ts';

/** Why a message does not give a value that a member can have. */
export class NoSuchValue extends Error {
  override readonly name = 'NoSuchValue';
}

/** What stands in a message behind names and indices with dots between them; `undefined` where there is nothing. */
export function fieldOf(message: unknown, path: string): unknown {
  let part = message;
  for (const name of path === '' ? [] : path.split('.')) {
    if (typeof part !== 'object' || part === null || !Object.hasOwn(part, name)) return undefined;
    part = (part as Readonly<Record<string, unknown>>)[name];
  }
  return part;
}

/** The value of a member that a message has. Throws `NoSuchValue`. */
export function valueIn(message: unknown, name: MemberName, mapping: FromData): MappedValue {
  const field = fieldOf(message, mapping.path);
  if (field === undefined) throw new NoSuchValue(`it has no field ${mapping.path}`);
  const value = mapping.isQuaternion ? yawOf(field) : wordOf(field, mapping);
  const { kind, words = [] } = memberOf(name);
  if (kind === 'flag' && typeof value === 'boolean') return value;
  if (kind === 'text' && typeof value === 'string' && value !== '') return value;
  if (kind === 'word' && typeof value === 'string' && words.includes(value)) return value;
  if (kind === 'number' || kind === 'angle') {
    const number = numberOf(value);
    if (number !== undefined) return kind === 'angle' ? turnOf(number * mapping.scale) : number * mapping.scale;
  }
  throw new NoSuchValue(`${mapping.path || 'its value'} is ${shown(field)}, which is no ${expected[kind]}`);
}

const expected = {
  number: 'number',
  angle: 'angle',
  flag: 'true or false; see words',
  text: 'text',
  word: 'word that it can be; see words',
} as const;

/** Characters of a value in a message for people. */
const MAX_SHOWN = 40;

function shown(value: unknown): string {
  const text = typeof value === 'object' && value !== null ? 'an object' : JSON.stringify(String(value));
  return text.slice(0, MAX_SHOWN);
}

/** What the integrator says that a value means. */
function wordOf(field: unknown, { words, otherwise }: FromData): unknown {
  if (words === undefined && otherwise === undefined) return field;
  const written = String(field);
  return words !== undefined && Object.hasOwn(words, written) ? words[written] : otherwise;
}

/** Integers that JavaScript cannot hold come as `bigint`, and what is no number as text. */
function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'bigint' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** The angle around the vertical axis of a unit quaternion. */
function yawOf(orientation: unknown): number {
  const [x, y, z, w] = ['x', 'y', 'z', 'w'].map((name) => numberOf(fieldOf(orientation, name)));
  if (x === undefined || y === undefined || z === undefined || w === undefined) {
    throw new NoSuchValue('the orientation has no x, y, z and w');
  }
  return Math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z));
}

/** The same angle from -π to π. */
function turnOf(angle: number): number {
  return Math.atan2(Math.sin(angle), Math.cos(angle));
}
