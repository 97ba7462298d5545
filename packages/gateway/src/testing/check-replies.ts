import assert from 'node:assert/strict';
import { ALL_ROUTES, GenericError, type Route } from '@medkit/contract';
import type { onSendHookHandler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { routerUrl } from '../http/register-routes.ts';

const byAddress = new Map(ALL_ROUTES.map((route) => [`${route.method} ${routerUrl(route)}`, route]));
const validators = new Map<TSchema, ReturnType<typeof Compile>>();

/**
 * Fails every reply that is not what its route declares: the status, the shape of the body. Switched on in tests only; in
 * production a reply that a client could not read would still be more useful than none.
 */
export const checkReplies: onSendHookHandler<unknown> = (request, reply, payload, done) => {
  const { url, method } = request.routeOptions;
  const route = byAddress.get(`${String(method).toLowerCase().replace('head', 'get')} ${url}`);
  if (route && payload !== undefined && payload !== null) check(route, reply.statusCode, String(payload));
  done(null, payload);
};

function check({ operationId, responses }: Route, status: number, payload: string): void {
  const schema = status >= 400 ? GenericError : responses[status]?.schema;
  assert.ok(schema, `${operationId} answers ${status}, which it does not declare`);
  const validator = validators.get(schema) ?? Compile(schema);
  validators.set(schema, validator);
  const problems = validator.Errors(JSON.parse(payload));
  assert.deepEqual(problems, [], `the reply of ${operationId} does not fit its schema`);
}
