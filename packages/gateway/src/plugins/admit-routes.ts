import {
  ALL_KINDS,
  ALL_ROUTES,
  ENTITY_ERRORS,
  type EntityKind,
  type ErrorCode,
  entityParameter,
  entityPath,
  KIND_TERMS,
  type Method,
  openApiDocument,
  type Parameter,
  PERMISSIONS,
  type Route,
  RUNTIME_ERRORS,
} from '@medkit/contract';
import { errorMessage, stringifyJson } from '@medkit/core';
import type { PluginRoute } from '@medkit/plugin';
import { typeBox } from '../http/type-box.ts';
import { overlap, type PathPattern, parameterIn, segmentsOf } from './route-paths.ts';

const MAX_ROUTES_PER_PLUGIN = 200;
const MAX_PATH_LENGTH = 512;
const METHODS: ReadonlySet<string> = new Set<Method>(['get', 'put', 'post', 'delete']);
const RESERVED: readonly string[] = ['docs', 'swagger-ui'];
/** Errors that a route of any plugin can return. */
const ERRORS: readonly ErrorCode[] = [...RUNTIME_ERRORS, 'x-medkit-plugin-error'];

/** Additional errors of a route below an entity: the last one if the entity belongs to a peer. */
const ABOUT_ENTITY: readonly ErrorCode[] = [...ENTITY_ERRORS, 'not-implemented'];

/** A route of a plugin as it is served and documented. */
export interface AdmittedRoute {
  readonly plugin: string;
  readonly route: Route;
  readonly handle: PluginRoute['handle'];
}

export interface Admission {
  readonly routes: readonly AdmittedRoute[];
  /** One line for each rejected route. */
  readonly refusals: readonly { readonly plugin: string; readonly text: string }[];
}

/**
 * Selects the routes of plugins that can be served. Rejects malformed ones, and ones that overlap with an earlier
 * route.
 */
export function admitRoutes(
  plugins: readonly { readonly name: string; readonly routes: readonly PluginRoute[] }[],
  taken: readonly Route[] = ALL_ROUTES,
): Admission {
  const routes: AdmittedRoute[] = [];
  /** Operations that several plugins may have and that are already served. */
  const shared = new Set<string>();
  const refusals: { plugin: string; text: string }[] = [];
  for (const { name, routes: declared } of plugins) {
    for (const [index, { route, handle }] of declared.entries()) {
      try {
        if (index >= MAX_ROUTES_PER_PLUGIN)
          throw new Error(`a plugin can have at most ${MAX_ROUTES_PER_PLUGIN} routes`);
        const whole = completed(route);
        if (route.shared && shared.has(whole.operationId)) continue;
        for (const other of taken) refuseCollision(whole, other, 'of medkit');
        for (const other of routes) refuseCollision(whole, other.route, `of plugin ${other.plugin}`);
        routes.push({ plugin: name, route: whole, handle });
        if (route.shared) shared.add(whole.operationId);
      } catch (error) {
        const named = `${String(route.method).toUpperCase()} ${route.path} of plugin ${name}`;
        refusals.push({ plugin: name, text: `${named} is not served: ${errorMessage(error)}` });
      }
    }
  }
  return { routes, refusals };
}

/** Completes a route: adds the kind of entity in its path, the common errors, and defaults for omitted members. */
function completed(route: PluginRoute['route']): Route {
  const { method, path, operationId, parameters = [], errors = [], responses } = route;
  if (!METHODS.has(method)) throw new Error('its method is not get, put, post or delete');
  const kind = kindOf(path);
  const names = parameterNames(path);
  if (typeof operationId !== 'string' || !/^\w{1,128}$/.test(operationId)) throw new Error('it has no operationId');
  const permission = route.permission ?? (method === 'get' ? 'read' : 'plugins');
  if (!Object.hasOwn(PERMISSIONS, permission)) throw new Error(`its permission ${permission} does not exist`);
  if (typeof responses !== 'object' || responses === null) throw new Error('it does not declare its responses');
  const declared = parameters.filter((parameter) => parameter.in !== 'path');
  const inPath = names.map((name, index): Parameter => {
    if (index === 0 && kind) return entityParameter(KIND_TERMS[kind]);
    const parameter = parameters.find((other) => other.in === 'path' && other.name === name);
    if (!parameter) throw new Error(`it does not declare the parameter ${name} of its path`);
    if (parameter.spansSlashes && !path.endsWith(`{${name}}`)) throw new Error(`${name} spans slashes and is not last`);
    return parameter;
  });
  const whole: Route = {
    ...route,
    permission,
    summary: route.summary ?? operationId,
    description: route.description ?? '',
    tag: 'Plugins',
    ...(kind && { kind }),
    parameters: [...inPath, ...declared],
    errors: [...new Set([...(kind ? ABOUT_ENTITY : []), ...errors, ...ERRORS])],
  };
  refuseUnspeakable(whole);
  return whole;
}

/**
 * Rejects a route whose body schema does not compile, which would prevent the start, or that cannot be documented,
 * which would break the whole document.
 */
function refuseUnspeakable(route: Route): void {
  try {
    if (route.body) typeBox().Compile(route.body.schema);
    stringifyJson(openApiDocument({ routes: [route] }));
  } catch (error) {
    throw new Error(`it cannot be documented: ${errorMessage(error)}`);
  }
}

/** Returns the kind of the entity that a path is or is below. */
function kindOf(path: string): EntityKind | undefined {
  return ALL_KINDS.find((kind) => `${path}/`.startsWith(`${entityPath(KIND_TERMS[kind])}/`));
}

function parameterNames(path: unknown): readonly string[] {
  if (typeof path !== 'string' || !path.startsWith('/') || path.length > MAX_PATH_LENGTH)
    throw new Error('it has no path');
  const segments = segmentsOf(path);
  for (const segment of segments) {
    const isFixed = /^[\w.~-]+$/.test(segment) && segment !== '.' && segment !== '..';
    if (!isFixed && parameterIn(segment) === undefined) throw new Error(`"${segment}" is not a valid path segment`);
  }
  if (RESERVED.includes(segments[0] as string) || RESERVED.includes(segments.at(-1) as string)) {
    throw new Error('this path belongs to the documentation');
  }
  const names = segments.flatMap((segment) => parameterIn(segment) ?? []);
  if (new Set(names).size < names.length) throw new Error('two parameters of its path have the same name');
  return names;
}

function refuseCollision(route: Route, other: Route, owner: string): void {
  if (route.operationId === other.operationId) throw new Error(`${route.operationId} is already an operation ${owner}`);
  if (route.method !== other.method || !overlap(patternOf(route), patternOf(other))) return;
  throw new Error(`it would take requests from ${other.method.toUpperCase()} ${other.path} ${owner}`);
}

function patternOf({ path, parameters }: Route): PathPattern {
  return { path, spanning: new Set(parameters.flatMap(({ name, spansSlashes }) => (spansSlashes ? [name] : []))) };
}
