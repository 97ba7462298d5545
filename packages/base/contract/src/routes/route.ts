import type { ErrorCode } from '../errors/codes.ts';
import type * as Type from '../schemas/type.ts';
import { ALL_KINDS, type EntityKind, KIND_WORDS, type KindWords } from './entity-kinds.ts';
import type { Need } from './permissions.ts';
import type { Tag } from './tags.ts';

/** Where every route of the contract begins. */
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
  /** A path parameter that takes the rest of the path, slashes included. */
  readonly spansSlashes?: boolean;
  /** It lets somebody do something: it stands in no log and no record. */
  readonly secret?: true;
}

export interface Success<S extends Type.TSchema = Type.TSchema> {
  readonly description: string;
  /** Absent where the reply has no body, as with 204. */
  readonly schema?: S;
  readonly example?: Type.Static<S>;
  /** Headers that clients go by, such as `Location`, with what they say. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Media type of a reply that is no JSON: its body is bytes, and `schema` is absent. */
  readonly media?: string;
}

export interface RequestBody<B extends Type.TSchema = Type.TSchema> {
  /** `multipart/form-data` where the body is no JSON: its parts are read by the handler. */
  readonly media?: 'multipart/form-data';
  /** Where it may come as `application/x-www-form-urlencoded` as well, each field a text. */
  readonly form?: true;
  /** False where the request may come without one (default true). */
  readonly required?: boolean;
  /** Where it carries a message of the robot, which may be as large as an image. */
  readonly carriesMessage?: true;
  /** Where the handler judges the shape of a body itself, in words of its own. */
  readonly checkedByHandler?: boolean;
  readonly schema: B;
  readonly description: string;
  readonly examples: Readonly<Record<string, Type.Static<B>>>;
}

/** From an entity to others of the tree: to what it is in, on or needs, or to what is in or on it, at any depth with `all-`. */
export type RelationStep =
  | 'area'
  | 'component'
  | 'dependencies'
  | 'subareas'
  | 'components'
  | 'all-components'
  | 'subcomponents'
  | 'apps';

/** What a relation of the tree lists. */
export interface Related {
  /** One after the other, from the entity in the path. */
  readonly steps: readonly RelationStep[];
  /** What the link back to the entity is called; without it the list has no links. */
  readonly back?: string | undefined;
  /** Items that are there go without `x-medkit`. */
  readonly bare?: true | undefined;
}

/** One method of one path: all that a server, a client and the documentation need to know of it. */
export interface Route<S extends Type.TSchema = Type.TSchema, B extends Type.TSchema = Type.TSchema> {
  readonly method: Method;
  /** Below {@link API_BASE}, with parameters in braces. */
  readonly path: string;
  readonly operationId: string;
  /** What who asks must be allowed to do. */
  readonly permission: Need;
  readonly tag: Tag;
  readonly summary: string;
  readonly description: string;
  /** The kind of entity it is about; none for the server itself. */
  readonly kind?: EntityKind;
  readonly parameters: readonly Parameter[];
  readonly body?: RequestBody<B>;
  /** By HTTP status. */
  readonly responses: Readonly<Record<number, Success<S>>>;
  /** What it can answer besides: the errors of its own, not those that every route shares. */
  readonly errors: readonly ErrorCode[];
  /** Of these errors those that it also answers with another status than their usual one. */
  readonly unusualErrors?: readonly (readonly [status: number, code: ErrorCode])[];
  /** Errors of its own whose bodies are not those of SOVD, by HTTP status. */
  readonly foreignErrors?: Readonly<Record<number, Success>>;
  /** Answered from the tree of one generation, hence with an ETag and 304. */
  readonly cached?: boolean;
  /** Answered as this says, for any kind of entity: with a list of entities. */
  readonly related?: Related;
  /** Changes nothing of the robot, only how its client reads: the audit log has no record of it, as of any read. */
  readonly observes?: true;
  /** Only what was done is in the audit log: everybody may ask, and could fill it. */
  readonly recorded?: 'done';
  /** The collection whose locks close it, where that is not the one in its path below the entity. */
  readonly lockedAs?: string;
  /** `x-` members for the documentation. */
  readonly extensions?: Readonly<Record<`x-${string}`, unknown>>;
}

/** Routes that one handler serves: one, or the same for several kinds of entity. */
export type RouteFamily<S extends Type.TSchema = Type.TSchema, B extends Type.TSchema = Type.TSchema> = readonly Route<
  S,
  B
>[];

export type ResultOf<F> = F extends RouteFamily<infer S, infer _> ? Type.Static<S> : never;
export type BodyOf<F> = F extends RouteFamily<infer _, infer B> ? Type.Static<B> : never;

/** The same route for several kinds of entity. */
export function perKind<S extends Type.TSchema, B extends Type.TSchema>(
  make: (words: KindWords) => Route<S, B>,
  kinds: readonly EntityKind[] = ALL_KINDS,
): RouteFamily<S, B> {
  return kinds.map((kind) => make(KIND_WORDS[kind]));
}
