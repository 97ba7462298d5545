import type { ArrayShape, Constant, Literal } from '../definitions/definition.ts';
import type { MessageType, TypedField } from './message-type.ts';

/** Separator before each type but the first, in rosbag2 and in MCAP's `ros2msg`. */
const SEPARATOR = '='.repeat(80);

/**
 * Returns the `.msg` text of a type, followed by the types of its fields, in the `ros2msg` format. It is generated from
 * the parsed type, so it also exists for types described by a node. It contains no comments.
 */
export function definitionText(type: MessageType): string {
  const parts = new Set<MessageType>();
  collect(type, parts);
  parts.delete(type);
  return [
    textOf(type),
    ...Array.from(parts, (part) => `${SEPARATOR}\nMSG: ${shortName(part.name)}\n${textOf(part)}`),
  ].join('');
}

function collect(type: MessageType, found: Set<MessageType>): void {
  if (found.has(type)) return;
  found.add(type);
  for (const field of type.fields) if (typeof field.type !== 'string') collect(field.type, found);
}

/** Returns one line per constant and field. */
const textOf = ({ constants, fields }: MessageType): string =>
  [...constants.map(constantText), ...fields.map(fieldText)].map((line) => `${line}\n`).join('');

const constantText = ({ type, name, value }: Constant): string => `${type} ${name}=${literalText(value)}`;

function fieldText({ type, stringBound, array, name, defaultValue }: TypedField): string {
  const element = typeof type === 'string' ? type : shortName(type.name);
  const bound = stringBound === undefined ? '' : `<=${stringBound}`;
  const value = defaultValue === undefined ? '' : ` ${defaultText(defaultValue)}`;
  return `${element}${bound}${array ? arrayText(array) : ''} ${name}${value}`;
}

function arrayText(array: ArrayShape): string {
  if (array.kind === 'unbounded') return '[]';
  return array.kind === 'bounded' ? `[<=${array.length}]` : `[${array.length}]`;
}

const defaultText = (value: Literal | readonly Literal[]): string =>
  typeof value === 'object' ? `[${value.map(literalText).join(', ')}]` : literalText(value);

function literalText(value: Literal): string {
  if (typeof value === 'string') return `"${value.replace(/["\\]/g, '\\$&')}"`;
  if (typeof value !== 'number' || Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
}

/** Shortens `std_msgs/msg/Header` to `std_msgs/Header`. Types derived from a service or action keep their full name. */
const shortName = (name: string): string => name.replace('/msg/', '/');
