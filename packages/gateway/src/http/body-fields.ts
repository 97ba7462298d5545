import { SovdError, shortened } from '@medkit/contract';
import type { TSchema } from 'typebox';
import type { Validator } from 'typebox/schema';
import { typeBox } from './type-box.ts';

/** A validation problem as TypeBox reports it. */
export interface Problem {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message: string;
}

export interface FieldProblem {
  /** `a.b[0].c`; empty for the body as a whole. */
  readonly field: string;
  readonly message: string;
}

/** Maximum problems reported for one body: enough to fix it, without a large reply to a small request. */
const MAX_PROBLEMS = 20;

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'expected a string',
  boolean: 'expected a boolean',
  integer: 'expected an integer',
  number: 'expected a number',
  array: 'expected an array',
  object: 'expected object',
};

/**
 * Returns a check of request bodies against `schema`, which is compiled at the first use. The check throws
 * `invalid-request` with the problems found.
 */
export function bodyCheck(schema: TSchema): (body: unknown) => void {
  let compiled: Validator | undefined;
  return (body) => {
    compiled ??= typeBox().Compile(schema);
    if (compiled.Check(body)) return;
    const [, problems] = compiled.Errors(body);
    const fields = fieldProblems(problems as readonly Problem[]).slice(0, MAX_PROBLEMS);
    throw new SovdError({ code: 'invalid-request', message: 'Request body validation failed', parameters: { fields } });
  };
}

/** Converts TypeBox problems to one message per field. */
export function fieldProblems(problems: readonly Problem[]): FieldProblem[] {
  const found = new Map<string, FieldProblem>();
  for (const { keyword, instancePath, params, message } of problems) {
    // Optional members are `anyOf [type, null]`: a problem with the type is useful, a problem with null is not.
    if (keyword === 'anyOf' || (keyword === 'type' && params['type'] === 'null')) continue;
    const at = fieldName(instancePath);
    const missing = keyword === 'required' ? (params['requiredProperties'] as readonly string[]) : undefined;
    const fields = missing?.map((name) => (at ? `${at}.${name}` : name)) ?? [at];
    for (const field of fields) {
      if (!found.has(field)) found.set(field, { field, message: wording(keyword, params, message, at) });
    }
  }
  return [...found.values()];
}

function wording(keyword: string, params: Readonly<Record<string, unknown>>, message: string, field: string): string {
  if (keyword === 'required') return 'missing required field';
  if (keyword === 'enum' || keyword === 'const') return 'value not in allowed set';
  if (keyword !== 'type') return message;
  return field === '' ? 'expected a JSON object' : (EXPECTED[String(params['type'])] ?? message);
}

/** Converts `/items/0/name` to `items[0].name`. */
function fieldName(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => shortened(part.replaceAll('~1', '/').replaceAll('~0', '~')))
    .reduce((path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : path ? `${path}.${part}` : part), '');
}
