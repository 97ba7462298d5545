import {
  FLEET_EXPORT_COLUMNS,
  FLEET_EXPORT_CONTENTS,
  FLEET_EXPORT_FILTERS,
  FLEET_EXPORT_FORMATS,
  SovdError,
} from '@medkit/contract';
import { encodeRows, type Fleet } from '@medkit/fleet';
import { LinesReply } from '../http/lines-reply.ts';
import { answered, checkFleetRead, textsOf } from './fleet-replies.ts';
import type { FleetHandlers } from './without-fleet.ts';

const MEDIA = { csv: 'text/csv; charset=utf-8; header=present', ndjson: 'application/x-ndjson' } as const;

const FILTERS = [...new Set(Object.values(FLEET_EXPORT_FILTERS).flat())];

/** The handler of exports: streams rows while the client reads them. */
export function exportHandlers({
  exported,
  within,
}: Pick<Fleet, 'exported' | 'within'>): Pick<FleetHandlers, 'exportFleet'> {
  return {
    exportFleet: async ({ query, principal, view }) => {
      checkFleetRead(principal);
      const what = oneOf('what', query['what'] ?? 'occurrences', FLEET_EXPORT_CONTENTS);
      const format = oneOf('format', query['format'] ?? 'ndjson', FLEET_EXPORT_FORMATS);
      const filters = textsOf(query, FILTERS);
      const pages = await answered(() => (view ? within(view).exported : exported)(what, filters));
      const read = () => encodeRows(pages, format, FLEET_EXPORT_COLUMNS[what]);
      return new LinesReply(read, () => undefined, { name: `${what}.${format}`, mimetype: MEDIA[format] });
    },
  };
}

function oneOf<Value extends string>(name: string, value: string, known: readonly Value[]): Value {
  const found = known.find((each) => each === value);
  if (found !== undefined) return found;
  throw new SovdError({ code: 'invalid-parameter', message: `${name}: "${value}" is not one of ${known.join(', ')}` });
}
