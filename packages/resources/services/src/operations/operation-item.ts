import type { OperationItem, OperationList } from '@medkit/contract';
import type { Entity } from '@medkit/core';
import { failedMembers } from '../members/failed-members.ts';
import { type NamedOperation, namedOperations } from './named-operations.ts';
import type { GatheredOperations } from './operation-owner.ts';

/** Who says what an operation is: this software, as the original names itself here. */
const SOURCE = 'ros2_medkit_gateway';

/** An operation as clients see it, under the id by which one of them asked for it. */
export function operationItem(
  entity: Entity,
  { id, entry, owners }: NamedOperation,
  aggregate: boolean,
): OperationItem {
  const { name, title = name, asynchronous, terms, typeInfo } = entry;
  const members = new Set(owners.map((owner) => owner.entity.id));
  return {
    id,
    name: title,
    proximity_proof_required: false,
    asynchronous_execution: asynchronous,
    'x-medkit': {
      ...terms,
      entity_id: entity.id,
      source: SOURCE,
      ...(typeInfo && { type_info: typeInfo }),
      ...(aggregate && { member_ids: [...members].sort() }),
    },
  };
}

/** The collection; what is to be known of it as a whole is there only where a member did not tell. */
export function operationList(
  entity: Entity,
  { entries, silent }: GatheredOperations,
  aggregate: boolean,
): OperationList {
  return {
    items: namedOperations(entries, aggregate).map((operation) => operationItem(entity, operation, aggregate)),
    ...(silent.length > 0 && { 'x-medkit': failedMembers(silent) }),
  };
}
