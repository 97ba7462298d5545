import { SovdError } from '@medkit/contract';
import type { MappedEntity } from '../entities/mapped-entity.ts';
import type { MappedNode } from '../node-map/node-map.ts';
import type { Plc } from '../plc/plc.ts';

/** An app of one of the PLCs. */
export interface EntityOfPlc {
  readonly plc: Plc;
  readonly entity: MappedEntity;
}

/** The app of an id; `undefined` where it is none of a PLC. */
export function entityOf(plcs: readonly Plc[], id: string): EntityOfPlc | undefined {
  for (const plc of plcs) {
    const entity = plc.entities.get(id);
    if (entity) return { plc, entity };
  }
  return undefined;
}

/** The variable of an app. Throws `resource-not-found`. */
export function nodeOf(
  plcs: readonly Plc[],
  id: string,
  dataName: string,
): { readonly plc: Plc; readonly node: MappedNode } {
  const found = entityOf(plcs, id);
  const node = found?.entity.nodes.get(dataName);
  if (found && node) return { plc: found.plc, node };
  const message = `${id} has no value ${dataName}`;
  throw new SovdError({ code: 'resource-not-found', message, parameters: { entity_id: id, id: dataName } });
}
