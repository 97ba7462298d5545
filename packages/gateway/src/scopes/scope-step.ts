import {
  API_BASE,
  type EntityKind,
  isAboutResource,
  kindOfCollection,
  type Permission,
  type Route,
  type SovdError,
} from '@medkit/contract';
import { type EntityLimits, isLocal, type Model } from '@medkit/core';
import { entityOf, subtree } from '@medkit/entities';
import type { FastifyRequest } from 'fastify';
import { entityIdOf } from '../http/exchange.ts';
import { routerUrl } from '../http/register-routes.ts';
import { outsideScopes, type ScopeStep } from '../security/account-limit.ts';
import { permittedTree } from './permitted-tree.ts';
import { scopeCollection, scopeRuleOf } from './scoped-routes.ts';

/** Documents of entities and their resources; the server rewrites `…/docs` to this path. */
const DOCUMENTS = `${API_BASE}/docs/*`;

/** What a request does with which entity. */
export interface ScopedRequest {
  readonly kind: EntityKind;
  readonly id: string;
  readonly permission: Permission;
  readonly collection: string | undefined;
  /** Whether the reply has only visible entities, so that the entity may contain others. */
  readonly isFiltered: boolean;
}

/**
 * Returns the step of the chain for principals with scopes. An entity out of scope gets the error of an entity that does
 * not exist. Sets the entities that the handler may use.
 */
export function scopeStep(model: Pick<Model, 'tree'>): ScopeStep {
  return (request, need) => {
    const { principal, routeOptions } = request;
    const { entityScopes: limits = [] } = principal;
    const { route } = routeOptions.config;
    if (need === 'public') return;
    // A fleet hub has the same routes below the address of each robot.
    if (route && routeOptions.url !== routerUrl(route)) throw outsideScopes();
    if (route && need === 'self') return;
    // A scope does not say at which robots of a fleet it applies.
    if (principal.scopes.length > 0) throw outsideScopes();
    if (!route) return passDocument(model, limits, request);
    const rule = scopeRuleOf(route);
    if (rule === 'refused') throw outsideScopes();
    const collection = scopeCollection(route);
    request.visibleEntities = permittedTree(model.tree, limits, {
      permission: need,
      ...(collection !== undefined && { collection }),
    });
    request.readableEntities = (of) =>
      permittedTree(model.tree, limits, { permission: 'read', ...(of !== undefined && { collection: of }) });
    if (!isAtEntity(route)) return;
    const isFiltered = rule === 'filtered';
    const id = entityIdOf(route, request);
    const name = route.parameters[0]!.name;
    const found = judge(model, limits, { kind: route.kind, id, permission: need, collection, isFiltered });
    // The id of an invisible entity may be an alias of a visible one.
    (request.params as Record<string, string>)[name] = found;
    if (rule === 'entity' || !isAboutResource(route)) return;
    const { tree } = model;
    // The other gateway would not limit its reply.
    if (!subtree(tree, tree.get(route.kind, found)).every(isLocal)) throw ofOtherGateway(found);
  };
}

const isAtEntity = (route: Route): route is Route & { readonly kind: EntityKind } =>
  route.kind !== undefined && route.parameters[0]?.in === 'path';

/** Checks a request at an entity and returns the id of the entity. Throws as if an invisible entity did not exist. */
export function judge(
  { tree }: Pick<Model, 'tree'>,
  limits: EntityLimits,
  { kind, id, permission, collection, isFiltered }: ScopedRequest,
): string {
  const known = entityOf(permittedTree(tree, limits), kind, id);
  const action = { permission, ...(collection !== undefined && { collection }) };
  const permitted = permittedTree(tree, limits, action);
  if (!permitted.get(kind, known.id)) {
    const what = collection === undefined ? '' : ` of the collection ${collection}`;
    throw outsideScopes(`The scopes of your account do not include the permission ${permission}${what} at ${known.id}`);
  }
  if (isFiltered) return known.id;
  const others = subtree(tree, tree.get(kind, known.id)).filter((each) => !permitted.get(each.kind, each.id)).length;
  if (others > 0) {
    throw outsideScopes(
      `The request concerns ${others} ${others === 1 ? 'entity' : 'entities'} that ${known.id} contains and that the scopes of your account do not include: send it to the entities in your scopes`,
    );
  }
  return known.id;
}

/** Checks the request for the document of a collection, of an entity or of its resources. */
function passDocument(model: Pick<Model, 'tree'>, limits: EntityLimits, request: FastifyRequest): void {
  if (request.routeOptions.url !== DOCUMENTS) throw outsideScopes();
  const params = request.params as Record<string, string>;
  const [collection = '', id, resource, ...more] = (params['*'] ?? '').split('/').filter((segment) => segment !== '');
  const kind = kindOfCollection(collection);
  if (kind === undefined) throw outsideScopes();
  if (id === undefined) return;
  const isFiltered = resource === undefined;
  const found = judge(model, limits, { kind, id, permission: 'read', collection: resource, isFiltered });
  params['*'] = [collection, found, ...(resource === undefined ? [] : [resource, ...more])].join('/');
}

const ofOtherGateway = (id: string): SovdError =>
  outsideScopes(
    `${id} has parts at another gateway, which cannot limit the reply to the scopes of your account: send the request to that gateway`,
  );
