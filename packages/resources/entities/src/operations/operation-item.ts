import type { OperationItem, OperationList } from '@medkit/contract';
import type { Entity } from '@medkit/core';
import { failedMembers } from '../members/failed-members.ts';
import { type NamedOperation, namedOperations } from './named-operations.ts';
import type { GatheredOperations } from './operation-owner.ts';

/** Source of an operation's description: this software, under its name in ros2_medkit. */
const SOURCE = 'ros2_medkit_gateway';

/** Converts an operation to the form that the API returns, under the id that the client requested. */
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

/** Builds the collection of operations. It describes the list as a whole only if a member did not answer. */
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
