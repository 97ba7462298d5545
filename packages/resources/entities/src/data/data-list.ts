import type { DataItem, DataListResult } from '@medkit/contract';
import type { Entity, EntityTree } from '@medkit/core';
import { failedMembers } from '../members/failed-members.ts';
import { isAggregate } from '../members/owners.ts';
import type { DataOwner, GatheredData } from './data-owner.ts';
import { type MergedEntry, mergeEntries } from './merge-entries.ts';

interface DataListSource {
  readonly tree: EntityTree;
  readonly entity: Entity;
  readonly owners: readonly DataOwner[];
  readonly gathered: GatheredData;
}

/** Builds the data collection of an entity from the replies of its owners. */
export function dataList({ tree, entity, owners, gathered: { entries, silent } }: DataListSource): DataListResult {
  const aggregate = isAggregate(tree, entity);
  const items = mergeEntries(entries).map((merged) => item(merged, aggregate));
  const sources = new Set([entity.id, ...owners.map((owner) => owner.entity.id)]);
  return {
    items,
    'x-medkit': {
      entity_id: entity.id,
      ...(aggregate && { aggregated: true, aggregation_sources: [...sources], aggregation_level: entity.kind }),
      total_count: items.length,
      ...failedMembers(silent),
    },
  };
}

function item({ id, entry, owners }: MergedEntry, aggregate: boolean): DataItem {
  const { name, category, terms, typeInfo } = entry;
  const members = new Set(owners.map(({ entity }) => entity.id));
  const xMedkit = {
    ...terms,
    ...(typeInfo && { type_info: typeInfo }),
    ...(aggregate && { member_ids: [...members].sort() }),
  };
  return { id, name, category, ...(Object.keys(xMedkit).length > 0 && { 'x-medkit': xMedkit }) };
}
