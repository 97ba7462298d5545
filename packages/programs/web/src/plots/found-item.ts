import type { DataValue, Found } from '@medkit/contract';
import { placeAt } from '../routes/pages.ts';
import type { SeriesKey } from './series-key.ts';

/** Returns the data item of a search result, or `undefined` if its `href` is not one of this API. */
export function itemOf({ href }: Pick<Found, 'href'>): Omit<SeriesKey, 'pointer'> | undefined {
  const path = /^\/api\/v1(\/[^/\\?#][^\\?#]*)$/.exec(href)?.[1];
  const place = path === undefined ? undefined : placeAt(path);
  if (place?.page !== 'entity.item') return undefined;
  const { kind, id, item } = place.parameters;
  return { kind, entity: id, item };
}

/** Returns the value of an item. If none has arrived, returns the default of its type, which has the same fields. */
export function fieldsValue({ data, 'x-medkit': about }: DataValue): unknown {
  const isThere = about?.status !== 'metadata_only' && data !== undefined;
  return isThere ? data : (about?.type_info?.default_value ?? data);
}
