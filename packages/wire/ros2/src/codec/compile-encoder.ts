import type { Literal, Primitive } from '../definitions/definition.ts';
import type { MessageType, TypedField } from '../types/message-type.ts';
import { type EncodeContext, fail, failValue } from './encode-context.ts';
import { ENCODE_PRIMITIVE } from './encode-primitive.ts';

/** Encodes one value. Throws `InvalidMessage`. */
type Encode = (context: EncodeContext, value: unknown) => void;

type NumberArray = Parameters<EncodeContext['writer']['array']>[0];

/** Typed arrays whose elements are always valid for the type, so they are written unchanged. */
const TYPED_ARRAYS: Readonly<Partial<Record<Primitive, new (length: number) => NumberArray>>> = {
  byte: Uint8Array,
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  uint64: BigUint64Array,
  int64: BigInt64Array,
  float32: Float32Array,
  float64: Float64Array,
};

const utf8 = new TextEncoder();

/**
 * Returns a function that encodes one message of `type` from a decoded message or from JSON. Missing fields get their
 * defaults; `null` stands for a default message or an empty sequence.
 */
export function compileEncoder(type: MessageType): Encode {
  const fields = type.fields.map((field) => ({
    name: field.name,
    encode: compileField(field),
    defaultValue: field.defaultValue ?? neutralValue(field),
  }));
  const known = new Set(fields.map(({ name }) => name));
  return (context, value) => {
    const message = value ?? {};
    if (typeof message !== 'object' || Array.isArray(message) || ArrayBuffer.isView(message)) {
      failValue(context, 'an object', value);
    }
    const { path, strict, writer } = context;
    if (strict) refuseUnknown(context, message, known);
    if (fields.length === 0) writer.uint8(0);
    for (const { name, encode, defaultValue } of fields) {
      path.push(name);
      const member = Object.hasOwn(message, name) ? (message as Record<string, unknown>)[name] : undefined;
      encode(context, member === undefined ? defaultValue : member);
      path.pop();
    }
  };
}

function refuseUnknown(context: EncodeContext, message: object, known: ReadonlySet<string>): void {
  for (const name of Object.keys(message)) {
    if (known.has(name)) continue;
    context.path.push(name);
    fail(context, 'the type has no such field');
  }
}

/** Returns the value of a field without a default: zero, empty, or the defaults of its type. */
function neutralValue({ type, array }: TypedField): unknown {
  const single = typeof type === 'string' ? zeroOf(type) : {};
  if (!array) return single;
  const TypedArray = typeof type === 'string' ? TYPED_ARRAYS[type] : undefined;
  if (TypedArray) return new TypedArray(array.kind === 'fixed' ? array.length : 0);
  return array.kind === 'fixed' ? Array.from({ length: array.length }, () => single) : [];
}

function zeroOf(type: Primitive): Literal {
  switch (type) {
    case 'bool':
      return false;
    case 'string':
    case 'wstring':
      return '';
    default:
      return 0;
  }
}

function compileField({ type, array, stringBound }: TypedField): Encode {
  const plain = typeof type === 'string' ? ENCODE_PRIMITIVE[type] : compileEncoder(type);
  const single = stringBound === undefined ? plain : boundString(plain, type === 'wstring', stringBound);
  if (!array) return single;
  const TypedArray = typeof type === 'string' ? TYPED_ARRAYS[type] : undefined;
  return (context, value) => {
    const values = value === null && array.kind !== 'fixed' ? [] : value;
    if (!Array.isArray(values) && !isElementArray(values)) failValue(context, 'an array', value);
    const { length } = values;
    if (array.kind === 'fixed') {
      if (length !== array.length) fail(context, `expected ${array.length} elements, found ${length}`);
    } else {
      if (array.kind === 'bounded' && length > array.length) {
        fail(context, `expected at most ${array.length} elements, found ${length}`);
      }
      context.writer.uint32(length);
    }
    if (TypedArray && values instanceof TypedArray) {
      context.writer.array(values);
      return;
    }
    for (let index = 0; index < length; index += 1) {
      context.path.push(index);
      single(context, values[index]);
      context.path.pop();
    }
  };
}

const isElementArray = (value: unknown): value is NumberArray =>
  ArrayBuffer.isView(value) && !(value instanceof DataView);

function boundString(encode: Encode, wide: boolean, bound: number): Encode {
  return (context, value) => {
    if (typeof value === 'string') {
      const length = wide ? value.length : utf8.encode(value).length;
      if (length > bound) fail(context, `expected at most ${bound} ${wide ? 'characters' : 'octets'}, found ${length}`);
    }
    encode(context, value);
  };
}
