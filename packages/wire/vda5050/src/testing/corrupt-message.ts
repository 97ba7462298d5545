import type { Random } from '@medkit/edges';

/** Replacement values: numbers at their limits, other types, names of built-in object members. */
const ODD_VALUES = [
  'null',
  'true',
  '""',
  '"__proto__"',
  '0',
  '-1',
  '1.5',
  '4294967296',
  '1e999',
  '-1e308',
  '[]',
  '{}',
  '[[[[]]]]',
  '{"__proto__":{"released":true}}',
  '{"constructor":1,"toString":2}',
  '{"length":1e9}',
] as const;

/** Returns a text with one JSON value replaced, removed or duplicated. */
export function corruptMember(text: string, random: Random): string {
  const below = (limit: number) => Math.floor(random.float() * limit);
  const odd = ODD_VALUES[below(ODD_VALUES.length)]!;
  const members = [...text.matchAll(/"(\w+)":("(?:[^"\\]|\\.)*"|[-\d.e+]+|true|false|\[\]|[[{])/g)];
  const member = members[below(members.length)];
  if (member === undefined) return odd;
  const [whole, name, value] = member;
  const [before, behind] = [text.slice(0, member.index), text.slice(member.index + whole.length)];
  const isOpen = value === '[' || value === '{';
  // The start of a list or object remains: its name is replaced.
  if (isOpen) return `${before}"${random.float() < 0.5 ? '__proto__' : 'other'}":${value}${behind}`;
  if (random.float() < 0.2) return `${before}"other":0${behind}`;
  if (random.float() < 0.2) return `${before}${whole},"${name}":${odd}${behind}`;
  return `${before}"${name}":${odd}${behind}`;
}

/** Returns the octets with some changed, truncated or repeated. */
export function corruptBytes(octets: Uint8Array, random: Random): Uint8Array {
  const below = (limit: number) => Math.floor(random.float() * limit);
  const spoiled = octets.slice(0, random.float() < 0.3 ? below(octets.length + 1) : octets.length);
  for (let changes = below(5); changes > 0 && spoiled.length > 0; changes -= 1)
    spoiled[below(spoiled.length)] = below(256);
  return random.float() < 0.1 ? Buffer.concat([spoiled, octets]) : spoiled;
}
