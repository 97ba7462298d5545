import type { LogEntryList } from '@medkit/contract';
import type { LogService } from '@medkit/services';
import { Answer } from '../http/answer.ts';
import type { Handlers } from '../http/exchange.ts';

/** The handlers of logs. `bootId` says which start of the gateway the ids of entries belong to. */
export function logHandlers(
  logs: LogService,
  bootId: string,
): Pick<Handlers, 'listLogs' | 'listRosout' | 'getLogConfiguration' | 'putLogConfiguration'> {
  const listed = (list: LogEntryList) => new Answer(200, list, { 'X-Medkit-Boot-Id': bootId });
  return {
    listLogs: async ({ kind, entityId, query, call }) => listed(await logs.list(kind, entityId, query, call())),
    listRosout: async ({ query, call }) => listed(await logs.rosout(query, call())),
    getLogConfiguration: ({ kind, entityId }) => logs.configuration(kind, entityId),
    putLogConfiguration: ({ kind, entityId, body }) => {
      logs.configure(kind, entityId, body ?? {});
      return new Answer(204);
    },
  };
}
