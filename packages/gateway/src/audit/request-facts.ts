import type { AnsweredRequest } from '@medkit/audit';
import { API_BASE, KIND_TERMS, type Route } from '@medkit/contract';
import { type Model, traceContextOf } from '@medkit/core';
import type { FastifyRequest } from 'fastify';
import { entityIdOf, pathOf } from '../http/exchange.ts';
import { onBehalfOf } from '../security/delegation.ts';

/** The part of an audit record that comes from the request alone. */
export type RequestFacts = Omit<
  AnsweredRequest,
  'cameAtNs' | 'duration_ms' | 'error_code' | 'lock_id' | 'notes' | 'status'
>;

type RequestRoute = Pick<Route, 'kind' | 'operationId' | 'parameters' | 'path'>;

/** Replaces a secret parameter. */
const REDACTED = '-';

/** For a request to a document, or to an unknown path. */
const NO_ROUTE: RequestRoute = { operationId: '', path: '', parameters: [] };

/** Returns the part of the audit record that comes from the request. */
export function requestFacts(
  route: RequestRoute = NO_ROUTE,
  request: FastifyRequest,
  { tree }: Pick<Model, 'tree'>,
): RequestFacts {
  const { operationId, kind } = route;
  const clientId = String(request.headers['x-client-id'] ?? '');
  const id = entityIdOf(route, request);
  const trace = traceOf(request);
  const secrets = route.parameters.flatMap(({ name, secret }) => (secret ? [name] : []));
  const parameters = Object.entries(pathOf(route, request)).filter(([name]) => !secrets.includes(name));
  const items = parameters.filter(([name]) => !kind || name !== KIND_TERMS[kind].param).map(([, value]) => value);
  const collection = collectionOf(route);
  const behalf = onBehalfOf(request);
  return {
    method: request.method,
    operation_id: operationId,
    path: secrets.length > 0 ? redactedPath(route, secrets) : (request.url.split('?', 1)[0] as string),
    ...(kind && { entity_type: kind, entity_id: tree.resolve(kind, id)?.id ?? id }),
    ...(collection !== undefined && { collection }),
    ...(items.length > 0 && { item: items.join('/') }),
    ...(clientId !== '' && { client_id: clientId }),
    ...(request.principal.kind !== 'anonymous' && { principal: request.principal.id }),
    ...(behalf !== undefined && { on_behalf_of: behalf }),
    remote_address: request.ip,
    ...(trace !== undefined && { trace_id: trace }),
  };
}

/** Returns issuer and subject of an account at the identity provider, which its principal id may only have as a digest. */
export function accountNotes({ principal }: Pick<FastifyRequest, 'principal'>): Readonly<Record<string, string>> {
  const { account } = principal;
  return account ? { oidc_issuer: account.issuer, oidc_subject: account.subject } : {};
}

/** Returns the path of a request, with its secret parameters replaced. */
function redactedPath({ path }: RequestRoute, secrets: readonly string[]): string {
  return secrets.reduce((redacted, name) => redacted.replace(`{${name}}`, REDACTED), API_BASE + path);
}

/** Returns the trace id of a request. */
export function traceOf({ headers }: FastifyRequest): string | undefined {
  return traceContextOf(headers['traceparent'])?.traceId;
}

/**
 * Returns the changed collection: the one below the entity, or the first path segment. `undefined` if only a peer knows
 * it.
 */
function collectionOf(route: Pick<Route, 'kind' | 'path'>): string | undefined {
  const segment = route.path.split('/')[route.kind ? 3 : 1];
  return segment?.startsWith('{') ? undefined : segment;
}
