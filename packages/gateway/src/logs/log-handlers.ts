import { type LogEntryList, SovdError } from '@medkit/contract';
import { andThen, ENTITY_KINDS, type Entity, type EntityTree } from '@medkit/core';
import { entityOf, type LogService, subtree } from '@medkit/entities';
import { Answer, done } from '../http/answer.ts';
import type { Handlers } from '../http/exchange.ts';

/** The handlers of logs. `bootId` is the start of the gateway to which the ids of entries belong. */
export function logHandlers(
  logs: LogService,
  bootId: string,
): Pick<Handlers, 'listLogs' | 'listRobotLogs' | 'listRosout' | 'getLogConfiguration' | 'putLogConfiguration'> {
  const listed = (list: LogEntryList) => new Answer(200, list, { 'X-Medkit-Boot-Id': bootId });
  return {
    listLogs: async ({ kind, entityId, query, call }) => listed(await logs.list(kind, entityId, query, call())),
    listRobotLogs: ({ query, call, visible }) => {
      const { area, function: name, ...filters } = query;
      if (area && name) {
        throw new SovdError({
          code: 'invalid-parameter',
          message: 'Specify either area or function, not both',
          parameters: { parameter: 'function', value: name },
        });
      }
      if (visible) {
        const part = area ? entityOf(visible, 'area', area) : name && entityOf(visible, 'function', name);
        const entities = part ? subtree(visible, part) : entitiesOf(visible);
        return andThen(logs.wholeLog(filters, call(), { tree: visible, entities }), listed);
      }
      if (area) return andThen(logs.list('area', area, filters, call()), listed);
      return andThen(name ? logs.list('function', name, filters, call()) : logs.wholeLog(filters, call()), listed);
    },
    listRosout: ({ query, call, visible }) => {
      const only = visible && { tree: visible, entities: entitiesOf(visible) };
      return andThen(logs.wholeLog(query, call(), only), listed);
    },
    getLogConfiguration: ({ kind, entityId }) => logs.configuration(kind, entityId),
    putLogConfiguration: ({ kind, entityId, body, note, call }) => {
      const before = JSON.stringify(logs.configuration(kind, entityId));
      logs.configure(kind, entityId, body ?? {}, call());
      const after = JSON.stringify(logs.configuration(kind, entityId));
      if (after !== before) note({ from: before, to: after });
      return done();
    },
  };
}

const entitiesOf = (tree: EntityTree): readonly Entity[] =>
  ENTITY_KINDS.flatMap((kind): readonly Entity[] => tree.all(kind));
