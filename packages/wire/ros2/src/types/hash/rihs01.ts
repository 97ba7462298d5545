import { createHash } from 'node:crypto';
import type { MessageType } from '../message-type.ts';
import { describe } from './type-description.ts';

/** Returns the type hash of ROS since Iron (REP 2016): `RIHS01_` and the SHA-256 of the type's description as JSON. */
export function typeHash(type: MessageType): string {
  return `RIHS01_${createHash('sha256')
    .update(spacedJson(describe(type)))
    .digest('hex')}`;
}

/** Returns JSON with a space after each comma and colon, like Python's `json.dumps`. Names are ASCII. */
function spacedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spacedJson).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}: ${spacedJson(member)}`);
  return `{${members.join(', ')}}`;
}
