import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/schema';

/** An error as TypeBox reports it. */
interface Problem {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** Returns the first violation of the schema as text with its path, or `undefined` if there is none. */
export type SchemaCheck = (value: unknown) => string | undefined;

/** Creates a check that is compiled on first use. */
export function schemaCheck(schema: TSchema): SchemaCheck {
  let compiled: Validator | undefined;
  return (value) => {
    compiled ??= Compile(schema);
    if (compiled.Check(value)) return undefined;
    const [, problems] = compiled.Errors(value);
    return problemText((problems as readonly Problem[])[0]!);
  };
}

function problemText({ keyword, instancePath, params, message }: Problem): string {
  const path = memberPath(instancePath);
  if (keyword === 'required') {
    const [name] = params['requiredProperties'] as readonly string[];
    return `${path === '' ? '' : `${path}.`}${name} is missing`;
  }
  const subject = path === '' ? 'it' : path;
  if (keyword === 'enum')
    return `${subject} is not one of ${(params['allowedValues'] as readonly string[]).join(', ')}`;
  return `${subject} ${message}`;
}

/** Converts `/nodes/0/nodeId` to `nodes[0].nodeId`. */
const memberPath = (pointer: string): string =>
  pointer
    .replaceAll(/\/(\d+)(?=\/|$)/g, '[$1]')
    .replaceAll('/', '.')
    .replace(/^\./, '');
