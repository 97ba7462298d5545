import { InvalidDefinition, type Literal, type Primitive } from './definition.ts';
import { INTEGER_RANGES } from './integer-ranges.ts';

const INTEGER = /^[+-]?(?:\d+|0x[\da-f]+|0b[01]+|0o[0-7]+)$/i;
const FLOAT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const SPECIAL_FLOATS: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  '+inf': Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
};

/** Parses the value of a constant or default in an interface file. Throws `InvalidDefinition`. */
export function parseLiteral(text: string, type: Primitive): Literal {
  const value = readLiteral(text.trim(), type);
  if (value === undefined) throw new InvalidDefinition(`"${text}" is not a valid ${type}`);
  return value;
}

/** Parses the values of `[1, 2, "a, b"]`. */
export function parseLiteralList(text: string, type: Primitive): readonly Literal[] {
  if (!text.startsWith('[') || !text.endsWith(']')) {
    throw new InvalidDefinition(`expected a default like [1, 2], found ${text}`);
  }
  const body = text.slice(1, -1).trim();
  return body === '' ? [] : splitAtCommas(body).map((item) => parseLiteral(item, type));
}

function readLiteral(text: string, type: Primitive): Literal | undefined {
  switch (type) {
    case 'bool':
      return /^(?:true|1)$/i.test(text) ? true : /^(?:false|0)$/i.test(text) ? false : undefined;
    case 'string':
    case 'wstring':
      return unquote(text);
    case 'float32':
    case 'float64':
      return FLOAT.test(text) ? Number(text) : SPECIAL_FLOATS[text.toLowerCase()];
    default:
      return integer(text, type);
  }
}

function integer(text: string, type: keyof typeof INTEGER_RANGES): number | bigint | undefined {
  if (!INTEGER.test(text)) return undefined;
  const magnitude = BigInt(text.replace(/^[+-]/, ''));
  const value = text.startsWith('-') ? -magnitude : magnitude;
  const { min, max } = INTEGER_RANGES[type];
  if (value < min || value > max) return undefined;
  return type === 'int64' || type === 'uint64' ? value : Number(value);
}

/** Quotes are optional. Inside quotes, only the quote character and the backslash are escaped. */
function unquote(text: string): string {
  const quote = text[0];
  if ((quote === '"' || quote === "'") && text.length > 1 && text.endsWith(quote)) {
    return text.slice(1, -1).replace(/\\(["'\\])/g, '$1');
  }
  return text;
}

function splitAtCommas(text: string): readonly string[] {
  const items: string[] = [];
  let quote = '';
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (quote !== '') {
      if (character === '\\') at += 1;
      else if (character === quote) quote = '';
    } else if (character === '"' || character === "'") {
      quote = character;
    } else if (character === ',') {
      items.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...items, text.slice(start)];
}
