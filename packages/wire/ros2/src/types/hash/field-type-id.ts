import type { ArrayShape, Primitive } from '../../definitions/definition.ts';
import type { TypedField } from '../message-type.ts';

/** Values of `type_id` in `type_description_interfaces/msg/FieldType` for a single value. */
const NESTED_TYPE_ID = 1;
const TYPE_IDS: Readonly<Record<Primitive, number>> = {
  int8: 2,
  uint8: 3,
  int16: 4,
  uint16: 5,
  int32: 6,
  uint32: 7,
  int64: 8,
  uint64: 9,
  float32: 10,
  float64: 11,
  bool: 15,
  byte: 16,
  string: 17,
  wstring: 18,
};
const BOUNDED_STRING_TYPE_ID = 21;
const BOUNDED_WSTRING_TYPE_ID = 22;

/** Offsets added to `type_id` for arrays. */
const ARRAY_OFFSETS = { fixed: 48, bounded: 96, unbounded: 144 } as const;

/** The properties of a field that a `type_id` encodes. */
export interface FieldKind {
  /** `nested` if it is another message type. */
  readonly element: Primitive | 'nested';
  readonly hasStringBound: boolean;
  readonly array: ArrayShape['kind'] | undefined;
}

export function encodeTypeId({ type, array, stringBound }: Pick<TypedField, 'type' | 'array' | 'stringBound'>): number {
  return elementTypeId(type, stringBound) + (array ? ARRAY_OFFSETS[array.kind] : 0);
}

function elementTypeId(type: TypedField['type'], stringBound: number | undefined): number {
  if (typeof type !== 'string') return NESTED_TYPE_ID;
  if (stringBound === undefined) return TYPE_IDS[type];
  return type === 'string' ? BOUNDED_STRING_TYPE_ID : BOUNDED_WSTRING_TYPE_ID;
}

const KINDS: ReadonlyMap<number, FieldKind> = new Map(
  ([undefined, 'fixed', 'bounded', 'unbounded'] as const).flatMap((array) => {
    const offset = array ? ARRAY_OFFSETS[array] : 0;
    const single = (id: number, element: FieldKind['element'], hasStringBound = false) =>
      [id + offset, { element, hasStringBound, array }] as const;
    return [
      single(NESTED_TYPE_ID, 'nested'),
      ...Object.entries(TYPE_IDS).map(([primitive, id]) => single(id, primitive as Primitive)),
      single(BOUNDED_STRING_TYPE_ID, 'string', true),
      single(BOUNDED_WSTRING_TYPE_ID, 'wstring', true),
    ];
  }),
);

/**
 * Returns `undefined` for types that ROS messages do not have: `long double`, wide characters, strings of fixed length.
 */
export const decodeTypeId = (typeId: number): FieldKind | undefined => KINDS.get(typeId);
