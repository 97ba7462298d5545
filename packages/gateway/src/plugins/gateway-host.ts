import { API_BASE, KIND_TERMS } from '@medkit/contract';
import {
  ALL_PERMISSIONS,
  callContext,
  FAULT_MANAGER_ID,
  type JsonValue,
  type Model,
  nativeIdOf,
  parseJson,
  stringifyJson,
} from '@medkit/core';
import { type Clock, within } from '@medkit/edges';
import { entitiesAt } from '@medkit/entities';
import { failingSources, localManager } from '@medkit/faults';
import type { ApiReply, ApiRequest, FaultEnd, GatewayHost } from '@medkit/plugin';
import type { FastifyInstance } from 'fastify';
import type { Principals } from '../security/identify.ts';

/**
 * Longer than any reply that a client waits for. A request for an event stream, which has no end, is cancelled then.
 */
const REQUEST_MS = 15_000;
const REPORT_MS = 5000;

/** A plugin has the permissions of an administrator, except managing accounts and impersonating clients. */
const OF_PLUGINS = new Set(
  [...ALL_PERMISSIONS].filter((permission) => permission !== 'accounts' && permission !== 'impersonate'),
);

/** Kinds of entities that report faults. */
const REPORTERS = ['app', 'component'] as const;

export interface GatewayHostOptions {
  readonly model: Model;
  readonly server: FastifyInstance;
  readonly principals: Pick<Principals, 'admit' | 'dismiss'>;
  readonly clock: Clock;
}

/**
 * The gateway as plugins see it: their requests pass the same chain as those of clients, each plugin as a separate
 * principal.
 */
export function gatewayHostOf({ model, server, principals, clock }: GatewayHostOptions): GatewayHost {
  const bearers = new Map<string, string>();
  const bearerOf = (plugin: string): string => {
    const known = bearers.get(plugin);
    if (known !== undefined) return known;
    const bearer = principals.admit({
      id: `plugin:${plugin}`,
      kind: 'plugin',
      role: 'admin',
      permissions: OF_PLUGINS,
      scopes: [],
    });
    bearers.set(plugin, bearer);
    return bearer;
  };
  const entityOf = (plugin: string, id: string) =>
    REPORTERS.flatMap((kind) => entitiesAt(model.tree, plugin, nativeIdOf({ kind, id })))[0];
  const reportFault: GatewayHost['reportFault'] = async (plugin, { runtime: _, ...fields }) => {
    const report = { ...fields, ...(entityOf(plugin, fields.source) && { runtime: plugin }) };
    const call = callContext({ clock, timeoutMs: REPORT_MS });
    return localManager(model)?.provider.report(FAULT_MANAGER_ID, report, call) ?? false;
  };
  const request: GatewayHost['request'] = async (plugin, asked) => {
    const controller = new AbortController();
    const late = (): ApiReply => {
      controller.abort();
      return { status: 504, headers: {}, body: undefined };
    };
    const pending = ask(server, asked, bearerOf(plugin), controller.signal).catch(() => UNAVAILABLE);
    return within(clock, REQUEST_MS, pending, late);
  };
  /** Returns whether a fault does not exist, or is still reported as failed by another source. */
  const isLeft = async (code: string): Promise<boolean> => {
    const call = callContext({ clock, timeoutMs: REPORT_MS });
    const found = await localManager(model)?.provider.get(FAULT_MANAGER_ID, code, call);
    return !found || Object.keys(failingSources(found.fault)).length > 0;
  };
  const clearFault: GatewayHost['clearFault'] = async (plugin, { code, source }: FaultEnd) => {
    const over = { code, event: 'PASSED', severity: 0, description: '', source } as const;
    if (!(await reportFault(plugin, over))) return false;
    if (await isLeft(code)) return true;
    const entity = entityOf(plugin, source);
    if (!entity) return false;
    // As a request, so that locks apply and the audit log records it.
    const path = `/${KIND_TERMS[entity.kind].collection}/${entity.id}/faults/${encodeURIComponent(code)}`;
    const { status, body } = await request(plugin, { method: 'DELETE', path });
    const { error_code: reason } = (body ?? {}) as { readonly error_code?: JsonValue };
    return status < 300 || (status === 404 && reason !== 'entity-not-found');
  };
  return {
    entities: () => ({
      areas: model.tree.all('area'),
      components: model.tree.all('component'),
      apps: model.tree.all('app'),
      functions: model.tree.all('function'),
    }),
    events: model.events,
    reportFault,
    clearFault,
    request,
    leave: (plugin) => {
      const bearer = bearers.get(plugin);
      if (bearer === undefined) return;
      bearers.delete(plugin);
      principals.dismiss(bearer);
    },
  };
}

const UNAVAILABLE: ApiReply = { status: 503, headers: {}, body: undefined };

async function ask(
  server: FastifyInstance,
  { method, path, headers = {}, body }: ApiRequest,
  authorization: string,
  signal: AbortSignal,
): Promise<ApiReply> {
  const reply = await server.inject({
    method,
    url: `${API_BASE}${path}`,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      authorization,
      ...headers,
      host: 'localhost',
    },
    ...(body !== undefined && { payload: stringifyJson(body) }),
    signal,
  });
  const replyHeaders = Object.entries(reply.headers).map(([name, value]) => [name, String(value)] as const);
  return { status: reply.statusCode, headers: Object.fromEntries(replyHeaders), body: jsonOf(reply.payload) };
}

function jsonOf(text: string): JsonValue | undefined {
  try {
    return text === '' ? undefined : parseJson(text);
  } catch {
    // A reply that is not JSON, such as a page, has no body for the plugin.
    return undefined;
  }
}
