import { InvalidDefinition } from '../definitions/definition.ts';
import type { MessageType, TypedField } from './message-type.ts';

/** Fields with those of nested types in place, as codecs and schemas have them. Ten types of ten fields can make 10^10. */
const MAX_FIELDS_IN_PLACE = 10_000;
/** Values that a message has at the least: arrays of a fixed length count in full. */
const MAX_LEAST_VALUES = 1_000_000;

interface Extent {
  readonly fields: number;
  readonly values: number;
}

/** Refuses a type whose codec, schema or default message would take more than any real one. Throws `InvalidDefinition`. */
export function requireModest(type: MessageType): void {
  const known = new Map<MessageType, Extent>();
  const extentOf = (each: MessageType): Extent => {
    const found = known.get(each);
    if (found) return found;
    let extent: Extent = { fields: 0, values: 0 };
    for (const field of each.fields) extent = sum(extent, extentOfField(field));
    known.set(each, extent);
    return extent;
  };
  const extentOfField = ({ type: element, array }: TypedField): Extent => {
    const single = typeof element === 'string' ? { fields: 0, values: 1 } : extentOf(element);
    const least = array ? (array.kind === 'fixed' ? array.length : 0) : 1;
    return { fields: single.fields + 1, values: single.values * least };
  };
  const { fields, values } = extentOf(type);
  if (fields > MAX_FIELDS_IN_PLACE)
    throw new InvalidDefinition(`${type.name} has more than ${MAX_FIELDS_IN_PLACE} fields`);
  if (values > MAX_LEAST_VALUES) throw new InvalidDefinition(`${type.name} has more than ${MAX_LEAST_VALUES} values`);
}

const sum = (a: Extent, b: Extent): Extent => ({ fields: a.fields + b.fields, values: a.values + b.values });
