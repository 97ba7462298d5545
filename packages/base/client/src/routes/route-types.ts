import type { BodyOf, EntityKind, ResultOf, ROUTES, RouteName } from '@medkit/contract';
import type { ADDRESSES } from './addresses.generated.ts';

type Addresses = typeof ADDRESSES;
type Paths<N extends RouteName> = Addresses[N]['paths'];

/** The names in braces. */
type Names<Path> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
type EntityParameter = `${EntityKind}_id`;

/** The entity kinds for which a route exists; `never` for routes of the server itself. */
export type KindOf<N extends RouteName> = Extract<keyof Paths<N>, EntityKind>;

type PathOf<N extends RouteName, K> = Paths<N>[(K | 'server') & keyof Paths<N>];
type OtherNames<N extends RouteName, K> = Exclude<Names<PathOf<N, K>>, EntityParameter>;

/** An entity in a request. */
export interface EntityRef<K extends EntityKind = EntityKind> {
  readonly kind: K;
  readonly id: string;
}

type WithEntity<N extends RouteName, K extends KindOf<N>> = [KindOf<N>] extends [never]
  ? unknown
  : [Extract<Names<PathOf<N, K>>, EntityParameter>] extends [never]
    ? { readonly kind: K }
    : { readonly entity: EntityRef<K> };

type WithPath<N extends RouteName, K> = [OtherNames<N, K>] extends [never]
  ? unknown
  : { readonly path: Readonly<Record<OtherNames<N, K>, string>> };

type QueryValue = string | number | boolean | undefined;
type WithQuery<N extends RouteName> = [Addresses[N]['query'][number]] extends [never]
  ? unknown
  : { readonly query?: { readonly [Name in Addresses[N]['query'][number]]?: QueryValue } };

type Bodies<N extends RouteName> = {
  readonly nothing: unknown;
  readonly json: { readonly body: BodyOf<(typeof ROUTES)[N]> };
  readonly 'json or nothing': { readonly body?: BodyOf<(typeof ROUTES)[N]> };
  readonly form: { readonly body: FormData };
  readonly bytes: { readonly body?: Uint8Array<ArrayBuffer> };
};

/** The request of a route: entity, further path parameters, query and body, as in the contract. */
export type RequestOf<N extends RouteName, K extends KindOf<N> = KindOf<N>> = WithEntity<N, K> &
  WithPath<N, K> &
  WithQuery<N> &
  Bodies<N>[Addresses[N]['takes']] & {
    readonly headers?: Readonly<Record<string, string>>;
    readonly signal?: AbortSignal;
  };

interface Values<N extends RouteName> {
  readonly json: ResultOf<(typeof ROUTES)[N]>;
  readonly nothing: undefined;
  readonly 'json or nothing': ResultOf<(typeof ROUTES)[N]> | undefined;
}

/** The result of a route, typed by its schema in the contract. */
export type ValueOf<N extends RouteName> = Values<N>[Addresses[N]['gives'] & keyof Values<N>];

type RoutesGiving<What> = { [N in RouteName]: Addresses[N]['gives'] extends What ? N : never }[RouteName];

/** Routes whose reply is a JSON document or empty. */
export type CallRoute = RoutesGiving<keyof Values<RouteName>>;
/** Routes whose reply is a stream of server-sent events. */
export type EventRoute = RoutesGiving<'events'>;
/** Routes whose reply is a file. */
export type FileRoute = RoutesGiving<'file'>;
