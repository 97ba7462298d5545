import type { Route, Success } from '../routes/route.ts';
import type { OperationItem } from '../schemas/operations.ts';
import * as Type from '../schemas/type.ts';

const ID = '{operation_id}';

/**
 * Makes the item routes among `routes` concrete for one operation, with its message schemas if they are known. A
 * synchronous operation has no execution routes and returns its result; an asynchronous operation returns the address
 * of its execution.
 */
export function routesOfOperation(routes: readonly Route[], item: OperationItem): Route[] {
  return routes
    .filter(({ path, method }) => path.includes(ID) && (item.asynchronous_execution || isOfService(path, method)))
    .map((route) => withOperation(route, item));
}

function isOfService(path: string, method: Route['method']): boolean {
  return path.endsWith(ID) || method === 'post';
}

function withOperation(route: Route, item: OperationItem): Route {
  const { id, name, asynchronous_execution } = item;
  const { body, responses, ...rest } = route;
  return {
    ...rest,
    path: route.path.replace(ID, encodeURIComponent(id)),
    operationId: `${route.operationId}_${id.replaceAll(/[^A-Za-z0-9]+/g, '_')}`,
    summary: `${route.summary}: ${name}`,
    parameters: route.parameters.filter((parameter) => parameter.name !== 'operation_id'),
    ...(body && route.method === 'post' ? { body: { ...body, ...argumentsOf(item) } } : body && { body }),
    responses: route.method === 'post' ? responsesOf(responses, item) : responses,
    extensions: { 'x-sovd-name': name, 'x-sovd-asynchronous-execution': asynchronous_execution },
  };
}

function argumentsOf(item: OperationItem) {
  const schema = schemaOf(item, 'request') ?? schemaOf(item, 'goal');
  return { schema: Type.Object({ parameters: Type.Optional(schema ?? Type.Unknown()) }), examples: {} };
}

function responsesOf(responses: Route['responses'], item: OperationItem): Route['responses'] {
  const { 200: done, 202: begun } = responses;
  if (item.asynchronous_execution) return begun ? { 202: begun } : responses;
  if (!done) return responses;
  const schema = Type.Object({ parameters: schemaOf(item, 'response') ?? Type.Unknown() });
  const answer: Success = { description: done.description, schema, example: { parameters: {} } };
  return { 200: answer };
}

function schemaOf(item: OperationItem, part: string) {
  const schemas = item['x-medkit']?.type_info as Readonly<Record<string, object>> | undefined;
  const schema = schemas?.[part];
  return schema && Type.Unsafe<unknown>(schema);
}
