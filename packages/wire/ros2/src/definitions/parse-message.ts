import { parseTypeName } from '../names/type-names.ts';
import {
  type ArrayShape,
  type Constant,
  type Field,
  InvalidDefinition,
  isPrimitive,
  type Literal,
  type MessageDefinition,
} from './definition.ts';
import { parseLiteral, parseLiteralList } from './literals.ts';

/** Limits for definitions from the machine's folders, far above real ones. */
const MAX_TEXT_LENGTH = 1_000_000;
const MAX_FIELDS = 2_000;
const MAX_FIXED_LENGTH = 10_000_000;

const FIELD_NAME = /^[A-Za-z][A-Za-z0-9_]*$/;
const CONSTANT = /^([A-Za-z]\w*)\s*=\s*(.*)$/;
const TYPE = /^([A-Za-z][\w/]*)(?:<=(\d+))?(?:\[(?:(<=)?(\d+))?(\])?)?$/;
const LINE = /^(\S+)\s+(.*)$/;
const STRING = /^(["'])(?:\\.|(?!\1)[^\\])*\1/;

/**
 * Parses the text of a `.msg` file, or one part of a `.srv` or `.action` file. `name` is the full name of the type;
 * type names without a package refer to the same package. Throws `InvalidDefinition`.
 */
export function parseMessage(name: string, text: string): MessageDefinition {
  if (text.length > MAX_TEXT_LENGTH) throw new InvalidDefinition(`${name}: the definition is too long`);
  const packageName = parseTypeName(name)?.packageName ?? '';
  const fields = new Map<string, Field>();
  const constants: Constant[] = [];
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = withoutComment(raw).trim();
    if (line === '') continue;
    try {
      const parsed = parseLine(line, packageName);
      if ('value' in parsed) constants.push(parsed);
      else if (fields.has(parsed.name)) throw new InvalidDefinition(`field "${parsed.name}" appears twice`);
      else fields.set(parsed.name, parsed);
    } catch (error) {
      if (!(error instanceof InvalidDefinition)) throw error;
      throw new InvalidDefinition(`${name}, line ${index + 1}: ${error.message}`);
    }
    if (fields.size > MAX_FIELDS) throw new InvalidDefinition(`${name}: more than ${MAX_FIELDS} fields`);
  }
  return { name, fields: [...fields.values()], constants };
}

function parseLine(line: string, packageName: string): Field | Constant {
  const [, typeText, rest] = LINE.exec(line) ?? [];
  if (rest === undefined) throw new InvalidDefinition(`expected "type name", found "${line}"`);
  const type = parseType(typeText, packageName);
  const constant = CONSTANT.exec(rest);
  if (constant) {
    if (!isPrimitive(type.type) || type.array) throw new InvalidDefinition(`${typeText} cannot be a constant's type`);
    return { name: constant[1], type: type.type, value: parseLiteral(constant[2], type.type) };
  }
  const [, name, defaultText = ''] = /^(\S+)\s*(.*)$/.exec(rest) ?? [];
  if (!FIELD_NAME.test(name)) throw new InvalidDefinition(`"${name}" is not a field name`);
  return { name, ...type, defaultValue: defaultText === '' ? undefined : parseDefault(defaultText, type) };
}

function parseType(text: string, packageName: string): Pick<Field, 'type' | 'stringBound' | 'array'> {
  const [whole, base, stringBound, bounded, length, closing] = TYPE.exec(text) ?? [];
  if (whole === undefined || text.includes('[') !== (closing !== undefined)) {
    throw new InvalidDefinition(`"${text}" is not a type`);
  }
  const type = fullTypeName(base, packageName);
  if (stringBound !== undefined && type !== 'string' && type !== 'wstring') {
    throw new InvalidDefinition(`only strings have a bound like ${text}`);
  }
  return {
    type,
    stringBound: stringBound === undefined ? undefined : Number(stringBound),
    array: closing === undefined ? undefined : arrayShape(length, bounded !== undefined),
  };
}

function arrayShape(lengthText: string | undefined, bounded: boolean): ArrayShape {
  if (lengthText === undefined) return { kind: 'unbounded' };
  const length = Number(lengthText);
  if (length < 1 || (!bounded && length > MAX_FIXED_LENGTH)) {
    throw new InvalidDefinition(`an array cannot have ${lengthText} elements`);
  }
  return { kind: bounded ? 'bounded' : 'fixed', length };
}

function fullTypeName(base: string, packageName: string): string {
  if (isPrimitive(base)) return base;
  if (base === 'char') return 'uint8';
  const parts = base.split('/');
  const full = parts.length === 1 ? `${packageName}/msg/${base}` : parts.length === 2 ? parts.join('/msg/') : base;
  if (!parseTypeName(full)) throw new InvalidDefinition(`"${base}" is not a type`);
  return full;
}

function parseDefault(text: string, { type, array }: Pick<Field, 'type' | 'array'>): Literal | readonly Literal[] {
  if (!isPrimitive(type)) throw new InvalidDefinition(`a field of type ${type} cannot have a default`);
  if (!array) return parseLiteral(text, type);
  const values = parseLiteralList(text, type);
  const fits =
    array.kind === 'unbounded' ||
    (array.kind === 'fixed' ? values.length === array.length : values.length <= array.length);
  if (!fits) throw new InvalidDefinition(`${values.length} default values do not fit an array of ${array.length}`);
  return values;
}

/** Removes a comment. A `#` in a quoted string does not start one. */
function withoutComment(line: string): string {
  for (let at = 0; at < line.length; at += 1) {
    if (line[at] === '#') return line.slice(0, at);
    if (line[at] === '"' || line[at] === "'") {
      const quoted = STRING.exec(line.slice(at));
      if (quoted) at += quoted[0].length - 1;
    }
  }
  return line;
}
