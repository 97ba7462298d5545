import type { ArrayShape, Constant, Literal } from '../definitions/definition.ts';
import type { MessageType, TypedField } from './message-type.ts';

/** What stands before each type but the first, in rosbag2 as in MCAP's `ros2msg`. */
const SEPARATOR = '='.repeat(80);

/**
 * A type as a `.msg` file says it, and behind it each type that it is made of, as `ros2msg` joins them. It is written from
 * what is known of the type, so that there is one for a type that a node described too; it has no comments.
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

/** One line for each constant and field, with a line end each. */
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

/** `std_msgs/msg/Header` is `std_msgs/Header` within a definition. What derives from a service or action keeps its name. */
const shortName = (name: string): string => name.replace('/msg/', '/');
