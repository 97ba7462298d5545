import { ALL_KINDS, KIND_TERMS } from '../routes/entity-kinds.ts';
import { type Failure, failuresOf } from '../routes/errors.ts';
import { API_BASE, type Parameter, type RequestBody, type Route, type Success } from '../routes/route.ts';
import { jsonText } from './json-text.ts';

const ENTITY_PARAMETERS: readonly string[] = ALL_KINDS.map((kind) => KIND_TERMS[kind].param);

/** Groups routes that differ only in the kind of entity; the reference shows each group once. */
export function groupsOf(family: readonly Route[]): readonly (readonly Route[])[] {
  return [...Map.groupBy(family, (route) => `${titleOf(route)}\n${route.description}`).values()];
}

/** Returns the section of the reference for routes that differ only in the kind of entity. */
export function routeSection(routes: readonly Route[], sharedByAll: readonly Failure[]): readonly string[] {
  const [route] = routes;
  const title = routes.length > 1 ? titleOf(route) : route.summary;
  const parameters = route.parameters.filter(({ name }) => !ENTITY_PARAMETERS.includes(name));
  return [
    `### ${title}`,
    '',
    '| request | operation id | permission |',
    '| --- | --- | --- |',
    ...routes.map(({ method, path, operationId, permission }) => {
      const cells = [`${method.toUpperCase()} ${API_BASE}${path}`, operationId, permission];
      return `| ${cells.map((text) => `\`${text}\``).join(' | ')} |`;
    }),
    '',
    route.description,
    '',
    ...(parameters.length > 0 ? parameterTable(parameters) : []),
    ...(route.body ? bodyText(route.body) : []),
    ...Object.entries(route.responses).flatMap(([status, success]) => answer(status, success)),
    ...errorsText(failuresOf(route, false), sharedByAll),
  ];
}

/** Returns the summary without the kind of entity. */
function titleOf({ summary, kind }: Route): string {
  return kind === undefined ? summary : summary.replace(KIND_TERMS[kind].a, 'an entity');
}

function parameterTable(parameters: readonly Parameter[]): readonly string[] {
  return [
    '| parameter | in | type | |',
    '| --- | --- | --- | --- |',
    ...parameters.map((parameter) => {
      const { name, description } = parameter;
      const place = parameter.required && parameter.in !== 'path' ? `${parameter.in}, required` : parameter.in;
      return `| \`${name}\` | ${place} | ${typeText(parameter.schema)} | ${cell(description)} |`;
    }),
    '',
  ];
}

/** Describes a parameter type. Patterns are omitted because the description explains them. */
function typeText(schema: object): string {
  const { type, enum: values, minimum, maximum, maxLength } = schema as Readonly<Record<string, unknown>>;
  if (Array.isArray(values)) return values.map((value) => `\`${value}\``).join(', ');
  const word = { string: 'text', integer: 'integer' }[String(type)] ?? String(type);
  if (minimum !== undefined && maximum !== undefined) return `${word}, ${minimum} to ${maximum}`;
  if (minimum !== undefined) return `${word}, at least ${minimum}`;
  return maxLength === undefined ? word : `${word}, at most ${maxLength} characters`;
}

function bodyText({ media, required = true, description, examples }: RequestBody): readonly string[] {
  const head = `**Body**${media ? ` (\`${media}\`)` : ''}${required ? '' : ', optional'}: ${description}.`;
  return [head, '', ...Object.entries(examples).flatMap(([name, example]) => [`${name}:`, '', ...jsonBlock(example)])];
}

function answer(status: string, { description, example, headers, media }: Success): readonly string[] {
  const kind = media === undefined ? '' : ` (\`${media}\`)`;
  const named = Object.entries(headers ?? {}).map(([name, says]) => `- header \`${name}\`: ${says}`);
  return [
    `**${status}**${kind} ${description}`,
    '',
    ...(named.length > 0 ? [...named, ''] : []),
    ...(example === undefined ? [] : jsonBlock(example)),
  ];
}

function errorsText(failures: readonly Failure[], sharedByAll: readonly Failure[]): readonly string[] {
  const known = new Set(sharedByAll.map(String));
  const unique = [...new Map(failures.map((failure) => [String(failure), failure])).values()]
    .filter((failure) => !known.has(String(failure)))
    .sort(([a], [b]) => a - b);
  if (unique.length === 0) return [];
  const byStatus = [...Map.groupBy(unique, ([status]) => status)];
  const lines = byStatus.map(
    ([status, ofStatus]) => `${status} ${ofStatus.map(([, code]) => `\`${code}\``).join(', ')}`,
  );
  return [`**Errors** ${lines.join(' · ')}`, ''];
}

function jsonBlock(value: unknown): readonly string[] {
  return ['```json', jsonText(value), '```', ''];
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
