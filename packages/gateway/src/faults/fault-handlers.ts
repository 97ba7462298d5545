import type { FaultListResult } from '@medkit/contract';
import { andThen, callContext, isPromise } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { type FaultService, faultNewsOf, treeFaults } from '@medkit/faults';
import type { FaultFeed } from '../fault-stream/fault-feed.ts';
import { done } from '../http/answer.ts';
import { EventReply } from '../http/event-reply.ts';
import { CALL_TIMEOUT_MS, type Exchange, type Handlers } from '../http/exchange.ts';
import { StableBody } from '../http/stable-body.ts';
import { fanOutGateways } from '../peer-names/fan-out-gateways.ts';
import type { ScopedFaults } from '../scopes/scoped-faults.ts';
import { outsideScopes } from '../security/account-limit.ts';

type FaultHandlers = Pick<
  Handlers,
  | 'listAllFaults'
  | 'getTreeFaults'
  | 'clearAllFaults'
  | 'getRobotFault'
  | 'clearRobotFault'
  | 'streamFaults'
  | 'listFaults'
  | 'clearEntityFaults'
  | 'getFault'
  | 'getFaultHistory'
  | 'clearFault'
>;

export interface FaultHandlersOptions {
  readonly faults: FaultService;
  /** The fault events. */
  readonly feed: FaultFeed;
  /** Loads the fault stream of accounts with scopes. */
  readonly scoped: () => Promise<ScopedFaults>;
  readonly clock: Clock;
}

/** The handlers of faults. */
export function faultHandlers({ faults, feed, scoped, clock }: FaultHandlersOptions): FaultHandlers {
  /** A list that is returned synchronously stays current as long as the service returns the same object. */
  const currency = (query: Parameters<FaultService['listAll']>[0], list: FaultListResult) => () => {
    try {
      const again = faults.listAll(query, callContext({ clock, timeoutMs: CALL_TIMEOUT_MS }));
      // The handler calls the service again, and sends its error to the client.
      if (isPromise(again)) again.catch(() => undefined);
      return again === list;
    } catch {
      return false;
    }
  };
  const listAll = <Body extends object>(
    { query, call }: Pick<Exchange, 'query' | 'call'>,
    bodyOf: (list: FaultListResult) => Body,
  ) => {
    const list = faults.listAll(query, call());
    if (isPromise(list)) return list.then((later) => new StableBody(bodyOf(later)));
    return new StableBody(bodyOf(list), currency(query, list));
  };
  return {
    listAllFaults: (exchange) => {
      const { query, call, visible } = exchange;
      return visible ? faults.listAll(query, call(), visible) : listAll(exchange, (list) => list);
    },
    getTreeFaults: ({ call, visible }) =>
      visible ? andThen(faults.listAll({}, call(), visible), treeFaults) : listAll({ query: {}, call }, treeFaults),
    clearAllFaults: async ({ query, call }) => {
      await faults.clearAll(query, call());
      return done({ 'X-Medkit-Local-Only': 'true' });
    },
    getRobotFault: ({ path, call }) => faults.getByCode(path['fault_code'] ?? '', call()),
    clearRobotFault: async ({ path, call }) => {
      await faults.clearByCode(path['fault_code'] ?? '', call());
      return done();
    },
    streamFaults: ({ query, headers, call, principal: { entityScopes } }) => {
      const types = faultNewsOf(query['types']);
      const by = { via: call().via, fanOut: fanOutGateways(headers) };
      if (entityScopes) {
        // A gateway expects the positions in the logs of all gateways.
        if (by.via.length > 0) throw outsideScopes();
        return new EventReply(async () => (await scoped()).open(entityScopes, headers['last-event-id'], types));
      }
      return new EventReply((seen) => feed.open(seen, types, by));
    },
    listFaults: ({ kind, entityId, query, call, visible }) =>
      andThen(faults.list(kind, entityId, query, call(), visible), lasting),
    clearEntityFaults: async ({ kind, entityId, call, visible }) => {
      await faults.clearOf(kind, entityId, call(), visible);
      return done();
    },
    getFault: ({ kind, entityId, path, call, visible }) =>
      faults.get(kind, entityId, path['fault_code'] ?? '', call(), visible),
    getFaultHistory: ({ kind, entityId, path, query, call, visible }) =>
      faults.history(kind, entityId, path['fault_code'] ?? '', query, call(), visible),
    clearFault: async ({ kind, entityId, path, call, visible }) => {
      await faults.clear(kind, entityId, path['fault_code'] ?? '', call(), visible);
      return done();
    },
  };
}

const lasting = <Body extends object>(body: Body) => new StableBody(body);
