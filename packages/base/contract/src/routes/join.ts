/**
 * How the reply of a route includes other gateways. A request on an entity that only one peer has is always forwarded to
 * that peer.
 *
 * - `local`: not at all; only this gateway answers.
 * - `owner`: for an entity of several gateways, only this gateway answers.
 * - `tree`: through the entity tree, which contains the entities of peers.
 * - `first`: the item of the named member or gateway, otherwise of this gateway, otherwise of the first that has it.
 * - `each`: every gateway with a part of the entity does it, and the reply names those that did not.
 * - `handler`: the code of the route includes other gateways itself.
 * - {@link ListJoin}: the lists of several gateways become one list.
 */
export type Join = 'local' | 'owner' | 'tree' | 'first' | 'each' | 'handler' | ListJoin;

/**
 * How the lists of several gateways become one: of the gateways with a part of the entity, or of all gateways if the
 * route concerns no entity.
 */
export interface ListJoin {
  /**
   * What distinguishes the items.
   *
   * - `value`: the items themselves, which are strings; each is listed once.
   * - `id`: their `id`; a second item with the same id is listed as `member:id`.
   * - `member`: their `id` and the member that has them: each is listed as `member:id`.
   * - `origin`: the list consists of ids; those of a peer are listed as `peer__id`.
   * - `fault`: entity, code and first occurrence; a fault that several peers report is listed once.
   * - `none`: nothing; every item is listed.
   */
  readonly identity: 'value' | 'id' | 'member' | 'origin' | 'fault' | 'none';
  /** By gateway, or by time on the clock of this gateway. */
  readonly order: 'gateway' | 'time';
  /** Members of `x-medkit` that are added up. Of other members that are not lists, the first is used. */
  readonly sums: readonly string[];
  /** Set if items have times: the reply states how far the clocks of peers deviate. */
  readonly clocks?: true;
  /** Query parameter with an entity: a peer receives its own id of that entity. */
  readonly narrowedBy?: string;
  /** Set if the lists of the direct peers are used without those behind them. */
  readonly direct?: true;
  /** Another member of the reply with the same items. */
  readonly alias?: string;
}

/** Items of any collection, with their number. */
export const ITEM_LIST_JOIN: ListJoin = { identity: 'id', order: 'gateway', sums: ['total_count'] };

/** Faults, with their numbers. */
export const FAULT_LIST_JOIN: ListJoin = {
  identity: 'fault',
  order: 'gateway',
  sums: ['count', 'muted_count', 'cluster_count', 'app_count', 'component_count', 'host_count'],
  clocks: true,
};

/** Log entries, with the number of members. */
export const LOG_LIST_JOIN: ListJoin = {
  identity: 'id',
  order: 'time',
  sums: ['app_count', 'component_count', 'host_count'],
  clocks: true,
};

/** Returns how the lists of a route become one; `undefined` if its reply is not such a list. */
export function listJoin({ join }: { readonly join?: Join | undefined }): ListJoin | undefined {
  return typeof join === 'object' ? join : undefined;
}
