import type { EntityRef } from '@medkit/client';
import { addressOf } from '../routes/pages.ts';
import type { Parameter } from './parameter-field.ts';

/** Values that this tab of the browser remembers at most. */
const MAX_VALUES = 5000;

const values = new Map<string, unknown>();

/**
 * The value that a parameter had when this tab of the browser saw it first. The gateway keeps one of its own, which it resets to, but
 * does not tell it.
 */
export function firstValue(entity: EntityRef, { id, value }: Parameter): unknown {
  const key = `${addressOf('entity', entity)} ${id}`;
  if (!values.has(key)) {
    if (values.size >= MAX_VALUES) values.clear();
    values.set(key, value);
  }
  return values.get(key);
}
