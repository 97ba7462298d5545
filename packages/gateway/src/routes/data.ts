import type { DataService } from '@medkit/services';
import type { Handlers } from '../http/exchange.ts';

type DataHandlers = Pick<
  Handlers,
  'listData' | 'getDataItem' | 'putDataItem' | 'listDataCategories' | 'listDataGroups'
>;

/** The handlers of data. */
export function dataHandlers(data: DataService): DataHandlers {
  return {
    listData: ({ kind, entityId, call }) => data.list(kind, entityId, call()),
    getDataItem: ({ kind, entityId, path, call }) => data.read(kind, entityId, path['data_id'] ?? '', call()),
    putDataItem: ({ kind, entityId, path, body, call }) =>
      data.write(kind, entityId, path['data_id'] ?? '', body, call()),
    listDataCategories: ({ kind, entityId, call }) => data.categories(kind, entityId, call()),
    listDataGroups: ({ kind, entityId, call }) => data.groups(kind, entityId, call()),
  };
}
