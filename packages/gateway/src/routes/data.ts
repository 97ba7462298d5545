import type { DataService } from '@medkit/services';
import type { Handlers } from '../http/exchange.ts';
import { SplicedBody } from '../http/lasting-body.ts';

type DataHandlers = Pick<
  Handlers,
  'listData' | 'getDataItem' | 'putDataItem' | 'listDataCategories' | 'listDataGroups'
>;

/** The handlers of data. */
export function dataHandlers(data: DataService): DataHandlers {
  return {
    listData: ({ kind, entityId, call }) => data.list(kind, entityId, call()),
    getDataItem: async ({ kind, entityId, path, call }) => {
      const read = await data.read(kind, entityId, path['data_id'] ?? '', call());
      return new SplicedBody(read, [read.value, read['x-medkit']?.type_info]);
    },
    putDataItem: ({ kind, entityId, path, body, call }) =>
      data.write(kind, entityId, path['data_id'] ?? '', body, call()),
    listDataCategories: ({ kind, entityId, call }) => data.categories(kind, entityId, call()),
    listDataGroups: ({ kind, entityId, call }) => data.groups(kind, entityId, call()),
  };
}
