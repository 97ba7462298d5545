import { valueNote } from '@medkit/audit';
import type { JsonValue } from '@medkit/core';
import type { DataService } from '@medkit/entities';
import type { Handlers } from '../http/exchange.ts';
import { PictureReply } from '../http/picture-reply.ts';
import { SharedPartsBody } from '../http/stable-body.ts';

type DataHandlers = Pick<
  Handlers,
  | 'listData'
  | 'getDataItem'
  | 'getDataHistory'
  | 'getDataPicture'
  | 'putDataItem'
  | 'listDataCategories'
  | 'listDataGroups'
>;

/** The handlers of data. */
export function dataHandlers(data: DataService): DataHandlers {
  return {
    listData: ({ kind, entityId, call }) => data.list(kind, entityId, call()),
    getDataItem: async ({ kind, entityId, path, call }) => {
      const read = await data.read(kind, entityId, path['data_id'] ?? '', call());
      return new SharedPartsBody(read, [read.value, read['x-medkit']?.type_info]);
    },
    putDataItem: async ({ kind, entityId, path, body, call, note }) => {
      const { data_id: id = '' } = path;
      const written = await data.write(kind, entityId, id, body, call());
      const to = valueNote(id, written.value as JsonValue);
      if (to !== undefined) note({ to });
      return written;
    },
    getDataHistory: ({ kind, entityId, path, query, call }) =>
      data.history(kind, entityId, path['data_id'] ?? '', query, call()),
    getDataPicture: async ({ kind, entityId, path, query, call }) =>
      new PictureReply(await data.picture(kind, entityId, path['data_id'] ?? '', query['width'], call())),
    listDataCategories: ({ kind, entityId, call }) => data.categories(kind, entityId, call()),
    listDataGroups: ({ kind, entityId, call }) => data.groups(kind, entityId, call()),
  };
}
