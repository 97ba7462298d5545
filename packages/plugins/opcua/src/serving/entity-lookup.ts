import { listed, SovdError } from '@medkit/contract';
import type { MappedEntity } from '../entities/mapped-entity.ts';
import type { MappedNode } from '../node-map/node-map.ts';
import type { Plc } from '../plc/plc.ts';

/** An app of a PLC. */
export interface EntityOfPlc {
  readonly plc: Plc;
  readonly entity: MappedEntity;
}

/**
 * Returns the app with an id; `undefined` if no PLC has it. Throws `precondition-not-fulfilled` if several PLCs have
 * it, which is possible with browsing: a request must not reach the wrong one.
 */
export function entityOf(plcs: readonly Plc[], id: string): EntityOfPlc | undefined {
  const found = plcs.flatMap((plc): EntityOfPlc[] => {
    const entity = plc.entities.get(id);
    return entity ? [{ plc, entity }] : [];
  });
  if (found.length <= 1) return found[0];
  const message = `${id} is an app of several PLCs: ${listed(found.map(({ plc }) => plc.component.id))}; use different ids in the node maps`;
  throw new SovdError({ code: 'precondition-not-fulfilled', message, parameters: { entity_id: id } });
}

/** Returns the variable of an app. Throws `resource-not-found`. */
export function nodeOf(
  plcs: readonly Plc[],
  id: string,
  dataName: string,
): { readonly plc: Plc; readonly node: MappedNode } {
  const found = entityOf(plcs, id);
  const node = found?.entity.nodes.get(dataName);
  if (found && node) return { plc: found.plc, node };
  const message = `${id} has no value named ${dataName}`;
  throw new SovdError({ code: 'resource-not-found', message, parameters: { entity_id: id, id: dataName } });
}
