import { andThen } from '@medkit/core';
import { type FaultService, faultNewsOf, treeFaults } from '@medkit/services';
import { done } from '../http/answer.ts';
import { EventReply } from '../http/event-reply.ts';
import type { Handlers } from '../http/exchange.ts';
import { LastingBody } from '../http/lasting-body.ts';
import { askedGateways } from '../peers/forwarding/asked-gateways.ts';
import type { FaultFeed } from '../sse/fault-feed.ts';

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

/** The handlers of faults; `feed` is what happens to them. */
export function faultHandlers(faults: FaultService, feed: FaultFeed): FaultHandlers {
  return {
    listAllFaults: ({ query, call }) => andThen(faults.listAll(query, call()), lasting),
    getTreeFaults: ({ call }) => andThen(faults.listAll({}, call()), (list) => new LastingBody(treeFaults(list))),
    clearAllFaults: async ({ query, call }) => {
      await faults.clearAll(query, call());
      return done({ 'X-Medkit-Local-Only': 'true' });
    },
    getRobotFault: ({ path, call }) => faults.getByCode(path['fault_code'] ?? '', call()),
    clearRobotFault: async ({ path, call }) => {
      await faults.clearByCode(path['fault_code'] ?? '', call());
      return done();
    },
    streamFaults: ({ query, headers, call }) => {
      const types = faultNewsOf(query['types']);
      const by = { via: call().via, asked: askedGateways(headers) };
      return new EventReply((seen) => feed.open(seen, types, by));
    },
    listFaults: ({ kind, entityId, query, call }) => andThen(faults.list(kind, entityId, query, call()), lasting),
    clearEntityFaults: async ({ kind, entityId, call }) => {
      await faults.clearOf(kind, entityId, call());
      return done();
    },
    getFault: ({ kind, entityId, path, call }) => faults.get(kind, entityId, path['fault_code'] ?? '', call()),
    getFaultHistory: ({ kind, entityId, path, query, call }) =>
      faults.history(kind, entityId, path['fault_code'] ?? '', query, call()),
    clearFault: async ({ kind, entityId, path, call }) => {
      await faults.clear(kind, entityId, path['fault_code'] ?? '', call());
      return done();
    },
  };
}

const lasting = <Body extends object>(body: Body) => new LastingBody(body);
