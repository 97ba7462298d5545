import type { EntityRef } from '@medkit/client';
import { addressOf } from '../routes/pages.ts';
import type { Parameter } from './parameter-field.ts';

/** Maximum values that this browser tab remembers. */
const MAX_VALUES = 5000;

const values = new Map<string, unknown>();

/**
 * Returns the value that the parameter had when this browser tab first loaded it. The gateway resets to a default of
 * its own that it does not expose.
 */
export function firstValue(entity: EntityRef, { id, value }: Parameter): unknown {
  const key = `${addressOf('entity', entity)} ${id}`;
  if (!values.has(key)) {
    if (values.size >= MAX_VALUES) values.clear();
    values.set(key, value);
  }
  return values.get(key);
}
