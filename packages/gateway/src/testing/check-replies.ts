import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { ALL_ROUTES, failuresOf, GenericError, type Route } from '@medkit/contract';
import type { onSendHookHandler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { routerUrl } from '../http/register-routes.ts';

const byAddress = new Map(ALL_ROUTES.map((route) => [`${route.method} ${routerUrl(route)}`, route]));
const validators = new Map<TSchema, ReturnType<typeof Compile>>();

/**
 * Fails every reply that does not match its route's declaration: status, body and error code. Enabled in tests only; in
 * production, an undeclared reply would still be more useful than none.
 */
export const checkReplies: onSendHookHandler<unknown> = (request, reply, payload, done) => {
  const { url, method } = request.routeOptions;
  const route = byAddress.get(`${String(method).toLowerCase().replace('head', 'get')} ${url}`);
  const isCompressed = reply.getHeader('content-encoding') === 'gzip';
  // A peer's reply is checked there.
  const isForwarded = payload instanceof Readable;
  if (route && !(isForwarded && !route.responses[reply.statusCode]?.media))
    check(route, reply.statusCode, isCompressed ? gunzipSync(payload as Buffer) : payload);
  done(null, payload);
};

function check(route: Route, status: number, payload: unknown): void {
  const { operationId, cached, responses } = route;
  if (status >= 400) {
    checkError(route, status, String(payload));
    return;
  }
  const success = responses[status];
  const isConditional = cached || responses[200]?.media !== undefined;
  assert.ok(
    success || (isConditional && status === 304),
    `${operationId} answers ${status}, which it does not declare`,
  );
  if (success?.media || payload === undefined || payload === null) return;
  if (success?.schema) fits(operationId, success.schema, JSON.parse(String(payload)));
  else assert.equal(String(payload), '', `${operationId} answers ${status} with a body`);
}

function checkError(route: Route, status: number, payload: string): void {
  // A page, for a user who follows a link.
  if (route.foreignErrors?.[status]?.media && !payload.startsWith('{')) return;
  const error = JSON.parse(payload);
  const foreign = route.foreignErrors?.[status]?.schema;
  // A request rejected before it reaches the route has a standard error.
  if (foreign && error.error_code === undefined) {
    fits(route.operationId, foreign, error);
    return;
  }
  fits(route.operationId, GenericError, error);
  // Precedes any route: the URL was too long to be parsed.
  if (status === 414) return;
  const reported = error.vendor_code ?? error.error_code;
  const declared = failuresOf(route, true).some(([, code]) => code === reported);
  assert.ok(declared, `${route.operationId} answers ${reported}, which it does not declare`);
}

function fits(operationId: string, schema: TSchema, body: unknown): void {
  const validator = validators.get(schema) ?? Compile(schema);
  validators.set(schema, validator);
  assert.deepEqual(validator.Errors(body), [], `the reply of ${operationId} does not fit its schema`);
}
