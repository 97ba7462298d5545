import type { Client } from '@medkit/client';
import { nearestName } from '@medkit/documents';
import { entityPath } from '../entity-path.ts';
import { type ReportedFault, reportedFault } from '../faults/reported-fault.ts';

/** No fault has this code, or none of this entity. */
export class NoSuchFault extends Error {
  override readonly name = 'NoSuchFault';
}

/** Returns the faults with a code in any status, optionally of one entity. Throws `NoSuchFault`. */
export async function findFaults(client: Client, code: string, entity?: string): Promise<readonly ReportedFault[]> {
  const { items } = await client.call('listAllFaults', { query: { status: 'all', include_muted: true } });
  const faults = items.map((item) => reportedFault(item));
  const named = faults.filter((fault) => fault.code === code);
  if (named.length === 0) {
    const nearest = nearestName(code, new Set(faults.map((fault) => fault.code)));
    throw new NoSuchFault(`no fault has the code ${code}${nearest === undefined ? '' : `. Did you mean ${nearest}?`}`);
  }
  if (entity === undefined) return named;
  const found = named.filter(({ entity: of }) => of && [of.id, entityPath(of)].includes(entity));
  if (found.length > 0) return found;
  const whose = named.map(({ entity: of, sources }) => (of ? entityPath(of) : sources[0]));
  throw new NoSuchFault(`${entity} has no fault ${code}; it is a fault of ${whose.join(', ')}`);
}
