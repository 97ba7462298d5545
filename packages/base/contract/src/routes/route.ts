import type { ErrorCode } from '../errors/codes.ts';
import type { Need } from '../schemas/permissions.ts';
import type * as Type from '../schemas/type.ts';
import { ALL_KINDS, type EntityKind, KIND_TERMS, type KindTerms } from './entity-kinds.ts';
import type { Join } from './join.ts';
import type { Tag } from './tags.ts';

/** Path prefix of every route of the contract. */
export const API_BASE = '/api/v1';

/** Version of SOVD (ISO 17978-3) that the routes follow. */
export const SOVD_VERSION = '1.0.0';

export type Method = 'get' | 'put' | 'post' | 'delete';

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly description: string;
  readonly schema: Type.TSchema;
  readonly required?: boolean;
  readonly example?: string | number | boolean;
  /** True for a path parameter that takes the rest of the path, including slashes. */
  readonly spansSlashes?: boolean;
  /** The value grants access: logs and records omit it. */
  readonly secret?: true;
}

export interface Success<S extends Type.TSchema = Type.TSchema> {
  readonly description: string;
  /** Absent if the response has no body, as with 204. */
  readonly schema?: S;
  readonly example?: Type.Static<S>;
  /** Headers that clients rely on, such as `Location`, with their description. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Media type of a response that is not JSON: its body is bytes, and `schema` is absent. */
  readonly media?: string;
}

export interface RequestBody<B extends Type.TSchema = Type.TSchema> {
  /** Set if the body is not JSON: the handler reads the parts of a form, or the bytes of an archive. */
  readonly media?: 'multipart/form-data' | 'application/x-tar';
  /** Set if the body may also be `application/x-www-form-urlencoded`, with every field a string. */
  readonly form?: true;
  /** False if the request may omit the body (default true). */
  readonly required?: boolean;
  /** Set if the body carries a message of the robot, which may be as large as an image. */
  readonly carriesMessage?: true;
  /** True if the handler validates the body itself, with specific error messages. */
  readonly checkedByHandler?: boolean;
  readonly schema: B;
  readonly description: string;
  readonly examples: Readonly<Record<string, Type.Static<B>>>;
}

/**
 * A step from an entity to others of the tree: to its parents, hosts or dependencies, or to its children; `all-` steps
 * include every depth.
 */
export type RelationStep =
  | 'area'
  | 'component'
  | 'dependencies'
  | 'subareas'
  | 'components'
  | 'all-components'
  | 'subcomponents'
  | 'apps';

/** The entities that a relation lists. */
export interface Related {
  /** Followed in order, starting at the entity in the path. */
  readonly steps: readonly RelationStep[];
  /** Name of the link back to the entity; without it the list has no links. */
  readonly back?: string | undefined;
  /** Omits `x-medkit` from the items that exist. */
  readonly idsOnly?: true | undefined;
}

/** One method of one path: everything that the server, clients and the documentation need. */
export interface Route<S extends Type.TSchema = Type.TSchema, B extends Type.TSchema = Type.TSchema> {
  readonly method: Method;
  /** Below {@link API_BASE}, with parameters in braces. */
  readonly path: string;
  readonly operationId: string;
  /** The permission that the client needs. */
  readonly permission: Need;
  readonly tag: Tag;
  readonly summary: string;
  readonly description: string;
  /** The kind of entity that it concerns; absent for routes of the server itself. */
  readonly kind?: EntityKind;
  readonly parameters: readonly Parameter[];
  readonly body?: RequestBody<B>;
  /** By HTTP status. */
  readonly responses: Readonly<Record<number, Success<S>>>;
  /** Errors specific to this route, without those that every route shares. */
  readonly errors: readonly ErrorCode[];
  /** Errors that this route also returns with a status other than their default. */
  readonly unusualErrors?: readonly (readonly [status: number, code: ErrorCode])[];
  /** Errors whose bodies do not follow SOVD, by HTTP status. */
  readonly foreignErrors?: Readonly<Record<number, Success>>;
  /** Answered from one generation of the entity tree, therefore with an ETag and 304. */
  readonly cached?: boolean;
  /** The relation that this route lists, for any kind of entity. */
  readonly related?: Related;
  /** Changes only what its client receives, nothing on the robot. Like a read, it has no audit record. */
  readonly observes?: true;
  /** Audits only successful requests: the route is public, so rejected requests could fill the audit log. */
  readonly recorded?: 'done';
  /** The collection whose locks block the route, if it is not the path segment after the entity. */
  readonly lockedAs?: string;
  /** How the reply includes other gateways; every list says so. Without it, only this gateway answers. */
  readonly join?: Join;
  /** `x-` members for the documentation. */
  readonly extensions?: Readonly<Record<`x-${string}`, unknown>>;
}

/** Routes that one handler serves: one route, or the same route for several kinds of entity. */
export type RouteFamily<S extends Type.TSchema = Type.TSchema, B extends Type.TSchema = Type.TSchema> = readonly Route<
  S,
  B
>[];

export type ResultOf<F> = F extends RouteFamily<infer S, infer _> ? Type.Static<S> : never;
export type BodyOf<F> = F extends RouteFamily<infer _, infer B> ? Type.Static<B> : never;

/** On a fleet hub, a robot is a component, whose resources the robot serves. */
const AT_THE_ROBOT: Success<never> = {
  description: 'The component is a robot of the fleet, which has the resource',
  headers: { Location: 'Address of the resource at the robot' },
};

/** Returns the same route for several kinds of entity. */
export function perKind<S extends Type.TSchema, B extends Type.TSchema>(
  make: (terms: KindTerms) => Route<S, B>,
  kinds: readonly EntityKind[] = ALL_KINDS,
): RouteFamily<S, B> {
  return kinds.map((kind) => {
    const route = make(KIND_TERMS[kind]);
    if (kind !== 'component' || !isAboutResource(route)) return route;
    return { ...route, responses: { ...route.responses, 307: AT_THE_ROBOT } };
  });
}

/** Returns whether a route concerns a resource of an entity, not its place in the tree. */
export function isAboutResource({ kind, path, related }: Pick<Route, 'kind' | 'path' | 'related'>): boolean {
  return kind !== undefined && related === undefined && path.split('/').length > 3;
}
