import { clientIdParameter } from '../routes/client-id.ts';
import { failuresOf } from '../routes/errors.ts';
import { lockCollection } from '../routes/lock-collection.ts';
import { isQueueable } from '../routes/queueable.ts';
import type { Parameter, RequestBody, Route, Success } from '../routes/route.ts';
import type { SchemaComponents } from './schema-components.ts';

/** An OpenAPI Operation Object, with the extensions of its route. */
export type Operation = Readonly<Record<string, unknown>> & { readonly operationId: string };

/** Returns the Operation Object of a route. */
export function operationOf(route: Route, schemas: SchemaComponents, tokenNeeded: boolean): Operation {
  const { operationId, permission, tag, summary, description, body } = route;
  const parameters = withClientId(route);
  return {
    tags: [tag],
    summary,
    description,
    operationId,
    ...(parameters.length > 0 && { parameters: parameters.map((parameter) => parameterOf(parameter, schemas)) }),
    ...(body && {
      requestBody: {
        required: body.required ?? true,
        description: body.description,
        content: Object.fromEntries(mediaOf(body).map((media) => [media, contentOf(body, schemas)])),
      },
    }),
    responses: {
      ...successes(route, schemas),
      ...failures(route, tokenNeeded),
      ...foreignErrors(route, schemas),
    },
    ...(tokenNeeded && permission === 'public' && { security: [] }),
    'x-medkit-permission': permission,
    ...(isQueueable(route) && { 'x-medkit-queueable': true }),
    ...route.extensions,
  };
}

function mediaOf({ media, form }: RequestBody): readonly string[] {
  return [media ?? 'application/json', ...(form ? ['application/x-www-form-urlencoded'] : [])];
}

function contentOf({ schema, examples }: RequestBody, schemas: SchemaComponents): unknown {
  const entries = Object.entries(examples).map(([name, value]) => [exampleKey(name), { summary: name, value }]);
  return { schema: schemas.publish(schema), examples: Object.fromEntries(entries) };
}

/**
 * Adds the `X-Client-Id` header to every route that a lock can block, because the lock holder identifies itself with
 * it.
 */
function withClientId(route: Route): readonly Parameter[] {
  const { parameters } = route;
  const names = parameters.map(({ name }) => name.toLowerCase());
  const isDeclared = names.includes(clientIdParameter.name.toLowerCase());
  return lockCollection(route) === undefined || isDeclared ? parameters : [...parameters, clientIdParameter];
}

function parameterOf(
  { schema, required, spansSlashes: _, secret: _secret, ...rest }: Parameter,
  schemas: SchemaComponents,
): unknown {
  return { ...rest, required: required ?? rest.in === 'path', schema: schemas.publish(schema) };
}

function successes({ responses, cached }: Route, schemas: SchemaComponents): Record<string, unknown> {
  const entries = Object.entries(responses).map(([status, success]) => [status, successOf(success, schemas, cached)]);
  return {
    ...Object.fromEntries(entries),
    ...(cached && { 304: { description: 'The tree matches the `If-None-Match` tag' } }),
  };
}

function successOf(
  { description, schema, example, headers, media }: Success,
  schemas: SchemaComponents,
  cached = false,
): unknown {
  const named = Object.entries({ ...(cached && { ETag: 'Tag of this version of the tree' }), ...headers });
  return {
    description,
    ...(named.length > 0 && {
      headers: Object.fromEntries(
        named.map(([name, says]) => [name, { description: says, schema: { type: 'string' } }]),
      ),
    }),
    ...(schema && { content: { 'application/json': { schema: schemas.publish(schema), example } } }),
    ...(media && { content: { [media]: { schema: { type: 'string', format: 'binary' } } } }),
  };
}

function foreignErrors({ foreignErrors = {} }: Route, schemas: SchemaComponents): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(foreignErrors).map(([status, error]) => [status, successOf(error, schemas)]),
  );
}

/** Returns one response for each status, with the error codes that the status can carry. */
function failures(route: Route, tokenNeeded: boolean): Record<string, unknown> {
  const byStatus = Map.groupBy(failuresOf(route, tokenNeeded), ([status]) => status);
  const responses = [...byStatus].map(([status, failuresOfStatus]) => [
    status,
    {
      $ref: '#/components/responses/GenericError',
      description: [...new Set(failuresOfStatus.map(([, code]) => `\`${code}\``))].join(', '),
    },
  ]);
  return Object.fromEntries(responses);
}

function exampleKey(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_');
}
