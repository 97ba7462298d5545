import type { Client, EntityRef } from '@medkit/client';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';

/**
 * Returns the entity whose fault has this code, or `undefined` if the fault belongs to no entity. Throws `CommandFailed` with the
 * nearest code if there is no such fault.
 */
export async function findFault(client: Client, code: string): Promise<EntityRef | undefined> {
  const { items } = await client.call('listAllFaults', { query: { status: 'all', include_muted: true } });
  const fault = items.find(({ fault_code }) => fault_code === code);
  if (fault === undefined) {
    const { nearestName } = await import('@medkit/documents/nearest');
    const nearest = nearestName(
      code,
      items.map(({ fault_code }) => fault_code),
    );
    const advice = nearest === undefined ? '' : `. Did you mean ${nearest}?`;
    throw new CommandFailed(`no fault has the code ${code}${advice}`, ExitCode.notFound);
  }
  const { entity_id: id, entity_type: kind } = fault;
  return id && kind ? { kind, id } : undefined;
}
