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
  if (route) check(route, reply.statusCode, payload);
  done(null, payload);
};

function check({ operationId, cached, responses }: Route, status: number, payload: unknown): void {
  const success = responses[status];
  const isConditional = cached || responses[200]?.media !== undefined;
  const declared = status >= 400 || success || (isConditional && status === 304);
  assert.ok(declared, `${operationId} answers ${status}, which it does not declare`);
  if (success?.media || payload === undefined || payload === null) return;
  const schema = status >= 400 ? GenericError : success?.schema;
  if (!schema) {
    assert.equal(String(payload), '', `${operationId} answers ${status} with a body`);
    return;
  }
  const validator = validators.get(schema) ?? Compile(schema);
  validators.set(schema, validator);
  const problems = validator.Errors(JSON.parse(String(payload)));
  assert.deepEqual(problems, [], `the reply of ${operationId} does not fit its schema`);
}
