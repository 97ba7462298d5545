import { parseJsonInput } from '@medkit/core/json';
import type { Field, FieldKind } from './field-of.ts';
import { pointerTo } from './json-pointer.ts';

/** Reason why an input cannot be sent. */
export type InputProblem =
  | { readonly is: 'no-number' }
  | { readonly is: 'no-integer' }
  | { readonly is: 'no-json' }
  | { readonly is: 'no-choice' }
  | { readonly is: 'range'; readonly least: string; readonly most: string }
  | { readonly is: 'least'; readonly least: string }
  | { readonly is: 'most'; readonly most: string }
  | { readonly is: 'longest'; readonly longest: number };

export type Parsed = { readonly value: unknown } | { readonly problem: InputProblem };

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const INTEGER = /^[+-]?\d{1,40}$/;

/** Parses the text of a field. An integer beyond the safe range of JavaScript becomes a `bigint`. */
export function parseInput(kind: FieldKind, text: string): Parsed {
  const trimmed = text.trim();
  switch (kind.is) {
    case 'number':
      return parseNumber(kind, trimmed);
    case 'integer':
      return parseInteger(kind, trimmed);
    case 'flag':
      return trimmed === 'true' || trimmed === 'false'
        ? { value: trimmed === 'true' }
        : { problem: { is: 'no-choice' } };
    case 'choice': {
      const value = kind.choices.find((choice) => String(choice) === text);
      return value === undefined ? { problem: { is: 'no-choice' } } : { value };
    }
    case 'text':
      if (kind.longest !== undefined && text.length > kind.longest) {
        return { problem: { is: 'longest', longest: kind.longest } };
      }
      return { value: text };
    default:
      return parsedJson(trimmed);
  }
}

function parseNumber({ least, most }: Extract<FieldKind, { is: 'number' }>, text: string): Parsed {
  const value = NUMBER.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value)) return { problem: { is: 'no-number' } };
  return within(value, least, most);
}

function parseInteger({ least, most }: Extract<FieldKind, { is: 'integer' }>, text: string): Parsed {
  if (!INTEGER.test(text)) return { problem: { is: 'no-integer' } };
  const value = BigInt(text.replace(/^\+/, ''));
  const outside = within(value, least, most);
  if ('problem' in outside) return outside;
  return { value: Number.isSafeInteger(Number(value)) ? Number(value) : value };
}

function within<N extends number | bigint>(value: N, least: N | undefined, most: N | undefined): Parsed {
  if ((least === undefined || value >= least) && (most === undefined || value <= most)) return { value };
  if (least !== undefined && most !== undefined) {
    return { problem: { is: 'range', least: String(least), most: String(most) } };
  }
  if (least !== undefined) return { problem: { is: 'least', least: String(least) } };
  return { problem: { is: 'most', most: String(most) } };
}

function parsedJson(text: string): Parsed {
  try {
    return { value: parseJsonInput(text) };
  } catch {
    return { problem: { is: 'no-json' } };
  }
}

/** Texts typed into a form, in the structure of its fields. `undefined` and empty texts are left out. */
export type Draft = string | undefined | readonly Draft[] | { readonly [name: string]: Draft };

/** The value of a form, or its problems by JSON Pointer. */
export type ParsedForm = { readonly value: unknown } | { readonly problems: ReadonlyMap<string, InputProblem> };

/** Parses a form. Empty fields are left out of the value, so that the receiver applies its defaults. */
export function parseForm(field: Field, draft: Draft): ParsedForm {
  const problems = new Map<string, InputProblem>();
  const value = valueWithin(field, draft, '', problems);
  return problems.size > 0 ? { problems } : { value: value ?? {} };
}

function valueWithin(field: Field, draft: Draft, at: string, problems: Map<string, InputProblem>): unknown {
  if (field.is === 'object') {
    const members = field.members.map((member) => {
      const part = Object(draft) as Readonly<Record<string, Draft>>;
      const value = Object.hasOwn(part, member.name) ? part[member.name] : undefined;
      return [member.name, valueWithin(member, value, pointerTo(at, member.name), problems)] as const;
    });
    const entered = members.filter(([, value]) => value !== undefined);
    return entered.length === 0 ? undefined : Object.fromEntries(entered);
  }
  if (field.is === 'list') {
    const items = Array.isArray(draft) ? (draft as readonly Draft[]) : [];
    if (items.length === 0) return undefined;
    return items.map((item, place) => valueWithin(field.item, item, pointerTo(at, String(place)), problems) ?? {});
  }
  if (typeof draft !== 'string' || draft === '') return undefined;
  const parsed = parseInput(field, draft);
  if ('value' in parsed) return parsed.value;
  problems.set(at, parsed.problem);
  return undefined;
}
