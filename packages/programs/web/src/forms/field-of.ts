import { shortened } from '@medkit/contract/bounds';

/**
 * A form field derived from a JSON Schema. `name` is the full key that is sent; `labelOf` returns the displayed name.
 */
export type Field = { readonly name: string; readonly help?: string } & FieldKind;
export type FieldKind =
  | { readonly is: 'object'; readonly members: readonly Field[] }
  | { readonly is: 'list'; readonly item: Field; readonly least: number; readonly most: number }
  | { readonly is: 'number'; readonly least?: number; readonly most?: number }
  | { readonly is: 'integer'; readonly least?: bigint; readonly most?: bigint }
  | { readonly is: 'text'; readonly longest?: number }
  | { readonly is: 'flag' }
  | { readonly is: 'choice'; readonly choices: readonly unknown[] }
  /** Entered as JSON, because the schema is not supported or too large for a form. */
  | { readonly is: 'json' };

/** Limits of a form; schemas come from robots and may have any depth or width. */
const MAX_DEPTH = 8;
const MAX_FIELDS = 200;
/** Maximum items of a list with separate inputs; longer lists are entered as JSON. */
const MAX_ITEMS = 12;
const MAX_CHOICES = 100;
/** Maximum characters of a title or description that are shown. */
const MAX_HELP = 200;
const MAX_NAME = 80;

const INTEGERS: Readonly<Record<string, { readonly least: bigint; readonly most: bigint }>> = {
  int64: { least: -(2n ** 63n), most: 2n ** 63n - 1n },
  uint64: { least: 0n, most: 2n ** 64n - 1n },
};

type Schema = Readonly<Record<string, unknown>>;

/** Returns the field of a schema. Parts that are unsupported, too deep or too many become JSON fields. */
export function fieldOf(schema: unknown, name = ''): Field {
  return fieldWithin(schema, name, 0, { left: MAX_FIELDS });
}

function fieldWithin(raw: unknown, name: string, depth: number, room: { left: number }): Field {
  room.left -= 1;
  const schema = onlySchema(raw);
  const help = typeof schema['description'] === 'string' ? schema['description'] : schema['title'];
  const kind = depth >= MAX_DEPTH || room.left <= 0 ? ({ is: 'json' } as const) : kindOf(schema, depth, room);
  return {
    name,
    ...(typeof help === 'string' && help !== '' && { help: shortened(help, MAX_HELP) }),
    ...kind,
  };
}

/** Returns the displayed name of a field. */
export const labelOf = ({ name }: Pick<Field, 'name'>): string => shortened(name, MAX_NAME);

/** Unwraps `anyOf [schema, null]`, the form of an optional value. */
function onlySchema(raw: unknown): Schema {
  const schema = Object(raw) as Schema;
  const { anyOf } = schema;
  if (!Array.isArray(anyOf)) return schema;
  const others = anyOf.filter((one) => Object(one).type !== 'null');
  return others.length === 1 ? { ...schema, ...Object(others[0]) } : schema;
}

function kindOf(schema: Schema, depth: number, room: { left: number }): FieldKind {
  const choices = schema['enum'];
  if (Array.isArray(choices) && choices.length > 0 && choices.length <= MAX_CHOICES && choices.every(isScalar)) {
    return { is: 'choice', choices };
  }
  switch (schema['type']) {
    case 'object':
      return objectKind(schema, depth, room);
    case 'array':
      return listKind(schema, depth, room);
    case 'number': {
      const [least, most] = [finite(schema['minimum']), finite(schema['maximum'])];
      return { is: 'number', ...(least !== undefined && { least }), ...(most !== undefined && { most }) };
    }
    case 'integer': {
      const format = String(schema['format']);
      const usual = Object.hasOwn(INTEGERS, format) ? INTEGERS[format] : undefined;
      const least = whole(schema['minimum']) ?? usual?.least;
      const most = whole(schema['maximum']) ?? usual?.most;
      return { is: 'integer', ...(least !== undefined && { least }), ...(most !== undefined && { most }) };
    }
    case 'string': {
      const longest = finite(schema['maxLength']);
      return { is: 'text', ...(longest !== undefined && { longest }) };
    }
    case 'boolean':
      return { is: 'flag' };
    default:
      return { is: 'json' };
  }
}

function objectKind(schema: Schema, depth: number, room: { left: number }): FieldKind {
  const members = Object.entries(Object(schema['properties']) as Schema);
  if (members.length > room.left || (members.length === 0 && depth > 0)) return { is: 'json' };
  return { is: 'object', members: members.map(([name, member]) => fieldWithin(member, name, depth + 1, room)) };
}

/** Lists of numbers or texts become JSON fields, which are faster to type than separate inputs. */
function listKind(schema: Schema, depth: number, room: { left: number }): FieldKind {
  const least = finite(schema['minItems']) ?? 0;
  const item = fieldWithin(schema['items'], '', depth + 1, room);
  if (item.is !== 'object' || least > MAX_ITEMS) return { is: 'json' };
  return { is: 'list', item, least, most: Math.min(MAX_ITEMS, finite(schema['maxItems']) ?? MAX_ITEMS) };
}

const isScalar = (value: unknown): boolean => ['string', 'number', 'bigint', 'boolean'].includes(typeof value);

function finite(value: unknown): number | undefined {
  const number = typeof value === 'bigint' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function whole(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value;
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : undefined;
}
