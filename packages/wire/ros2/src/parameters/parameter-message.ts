import { MalformedMessage } from '../errors.ts';
import type { RosMessage, RosValue } from '../types/message.ts';
import type {
  Parameter,
  ParameterDescriptor,
  ParameterEvent,
  ParameterSetResult,
  ParameterType,
  ParameterValue,
} from './parameter.ts';

/** In the order of the constants of `rcl_interfaces/msg/ParameterType`. */
const TYPES: readonly ParameterType[] = [
  'not_set',
  'bool',
  'int',
  'double',
  'string',
  'byte_array',
  'bool_array',
  'int_array',
  'double_array',
  'string_array',
];

/** The field of `rcl_interfaces/msg/ParameterValue` that holds a value of the type. */
const FIELDS = {
  bool: 'bool_value',
  int: 'integer_value',
  double: 'double_value',
  string: 'string_value',
  byte_array: 'byte_array_value',
  bool_array: 'bool_array_value',
  int_array: 'integer_array_value',
  double_array: 'double_array_value',
  string_array: 'string_array_value',
} as const satisfies Partial<Record<ParameterType, string>>;

/** Returns the number of a type on the wire. */
export function encodeParameterType(type: ParameterType): number {
  return TYPES.indexOf(type);
}

/** Throws `MalformedMessage` for an unknown type number. */
export function decodeParameterType(code: RosValue | undefined): ParameterType {
  const type = TYPES[Number(code)];
  if (!type) throw new MalformedMessage(`${code} is not a type of parameter`);
  return type;
}

export function encodeParameterValue(value: ParameterValue): RosMessage {
  const type = encodeParameterType(value.type);
  return value.type === 'not_set' ? { type } : { type, [FIELDS[value.type]]: value.value };
}

/** Throws `MalformedMessage` for an unknown type. */
export function decodeParameterValue(message: RosMessage): ParameterValue {
  const type = decodeParameterType(message['type']);
  if (type === 'not_set') return { type };
  // The codec returns the field with the type given in FIELDS.
  return { type, value: detachedCopy(message[FIELDS[type]]) } as ParameterValue;
}

/** Typed arrays are views of the datagram, which must not be retained as long as the value. */
function detachedCopy(value: RosValue | undefined): unknown {
  if (value instanceof Uint8Array) return new Uint8Array(value);
  return ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<number | bigint>) : value;
}

export function encodeParameter({ name, value }: Parameter): RosMessage {
  return { name, value: encodeParameterValue(value) };
}

export function decodeParameter(message: RosMessage): Parameter {
  return { name: String(message['name']), value: decodeParameterValue(message['value'] as RosMessage) };
}

export function encodeParameterDescriptor(descriptor: ParameterDescriptor): RosMessage {
  const { name, description, integerRange, floatRange } = descriptor;
  return {
    name,
    type: encodeParameterType(descriptor.type),
    description,
    additional_constraints: descriptor.additionalConstraints,
    read_only: descriptor.readOnly,
    dynamic_typing: descriptor.dynamicTyping,
    integer_range: integerRange ? [encodeRange(integerRange)] : [],
    floating_point_range: floatRange ? [encodeRange(floatRange)] : [],
  };
}

export function decodeParameterDescriptor(message: RosMessage): ParameterDescriptor {
  const [integerRange] = messagesOf(message, 'integer_range');
  const [floatRange] = messagesOf(message, 'floating_point_range');
  return {
    name: String(message['name']),
    type: decodeParameterType(message['type']),
    description: String(message['description']),
    additionalConstraints: String(message['additional_constraints']),
    readOnly: message['read_only'] === true,
    dynamicTyping: message['dynamic_typing'] === true,
    ...(integerRange && { integerRange: decodeRange<bigint>(integerRange) }),
    ...(floatRange && { floatRange: decodeRange<number>(floatRange) }),
  };
}

function encodeRange({ from, to, step }: { readonly [end in 'from' | 'to' | 'step']: number | bigint }): RosMessage {
  return { from_value: from, to_value: to, step };
}

function decodeRange<N>(message: RosMessage) {
  return { from: message['from_value'] as N, to: message['to_value'] as N, step: message['step'] as N };
}

export function encodeSetResult({ successful, reason }: ParameterSetResult): RosMessage {
  return { successful, reason };
}

export function decodeSetResult(message: RosMessage): ParameterSetResult {
  return { successful: message['successful'] === true, reason: String(message['reason']) };
}

/** Encodes the event without its stamp. */
export function encodeParameterEvent({ node, added, changed, deleted }: ParameterEvent): RosMessage {
  return {
    node,
    new_parameters: added.map(encodeParameter),
    changed_parameters: changed.map(encodeParameter),
    deleted_parameters: deleted.map((name) => encodeParameter({ name, value: { type: 'not_set' } })),
  };
}

export function decodeParameterEvent(message: RosMessage): ParameterEvent {
  return {
    node: String(message['node']),
    added: messagesOf(message, 'new_parameters').map(decodeParameter),
    changed: messagesOf(message, 'changed_parameters').map(decodeParameter),
    deleted: messagesOf(message, 'deleted_parameters').map(({ name }) => String(name)),
  };
}

/** Returns a field that is a list of messages. */
export function messagesOf(message: RosMessage, field: string): readonly RosMessage[] {
  return message[field] as readonly RosMessage[];
}
