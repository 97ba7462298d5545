import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/schema';

/** As TypeBox tells of it. */
interface Problem {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** What the first thing is that a value has not as `schema` wants it, in words with its path; `undefined` where nothing. */
export type SchemaCheck = (value: unknown) => string | undefined;

/** A check that is compiled for the first value. */
export function schemaCheck(schema: TSchema): SchemaCheck {
  let compiled: Validator | undefined;
  return (value) => {
    compiled ??= Compile(schema);
    if (compiled.Check(value)) return undefined;
    const [, problems] = compiled.Errors(value);
    return inWords((problems as readonly Problem[])[0]!);
  };
}

function inWords({ keyword, instancePath, params, message }: Problem): string {
  const path = memberPath(instancePath);
  if (keyword === 'required') {
    const [name] = params['requiredProperties'] as readonly string[];
    return `${path === '' ? '' : `${path}.`}${name} is missing`;
  }
  const subject = path === '' ? 'it' : path;
  if (keyword === 'enum') return `${subject} is none of ${(params['allowedValues'] as readonly string[]).join(', ')}`;
  return `${subject} ${message}`;
}

/** `/nodes/0/nodeId` as `nodes[0].nodeId`. */
const memberPath = (pointer: string): string =>
  pointer
    .replaceAll(/\/(\d+)(?=\/|$)/g, '[$1]')
    .replaceAll('/', '.')
    .replace(/^\./, '');
