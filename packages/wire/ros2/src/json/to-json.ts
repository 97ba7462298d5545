import type { JsonObject, JsonValue, RosMessage, RosValue } from '../types/message.ts';
import type { MessageType, TypedField } from '../types/message-type.ts';
import { float32Json, floatJson } from './float-text.ts';

type ToJson = (value: never) => JsonValue;

/** Returns a function that converts a decoded message of `type` to JSON. */
export function compileToJson(type: MessageType): (message: RosMessage) => JsonObject {
  const fields = type.fields.map((field) => ({
    name: field.name,
    toJson: compileField(field) as (value: RosValue) => JsonValue,
  }));
  return (message) => {
    const json: Record<string, JsonValue> = {};
    for (const { name, toJson } of fields) json[name] = toJson(message[name]);
    return json;
  };
}

function compileField({ type, array }: TypedField): ToJson {
  const single = compileSingle(type);
  if (!array) return single;
  if (single === same) return arrayOf;
  return (values: ArrayLike<never>) => {
    const json = new Array<JsonValue>(values.length);
    for (let index = 0; index < values.length; index += 1) json[index] = single(values[index]);
    return json;
  };
}

function compileSingle(type: TypedField['type']): ToJson {
  if (typeof type !== 'string') return compileToJson(type);
  switch (type) {
    case 'int64':
    case 'uint64':
      return integerJson;
    case 'float32':
      return float32Json;
    case 'float64':
      return floatJson;
    default:
      return same;
  }
}

/** Takes a fifth of the time of `Array.from`; an image has millions of elements. */
function arrayOf(values: ArrayLike<JsonValue>): JsonValue[] {
  const json = new Array<JsonValue>(values.length);
  for (let index = 0; index < values.length; index += 1) json[index] = values[index];
  return json;
}

const same = (value: JsonValue): JsonValue => value;

/** Returns a number if that is exact. */
export function integerJson(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
