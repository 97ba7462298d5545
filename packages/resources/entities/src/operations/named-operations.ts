import type { OperationEntry } from '@medkit/core';
import type { OperationOwner, OwnedOperation } from './operation-owner.ts';

/** One operation of an entity under its public id, with every member that provides it. */
export interface NamedOperation {
  readonly id: string;
  readonly entry: OperationEntry;
  readonly owners: readonly [OperationOwner, ...OperationOwner[]];
}

/**
 * Names the operations of an entity, synchronous ones first, then in the order of their ids. The id is the short name
 * if it is unique. Otherwise it is `member:name` if a single member provides the operation. If that member has the name
 * twice, the full name without its leading slash replaces the short one.
 */
export function namedOperations(entries: readonly OwnedOperation[], aggregate: boolean): readonly NamedOperation[] {
  const merged = [...Map.groupBy(entries, keyOf).values()];
  const byName = Map.groupBy(merged, ([first]) => first?.entry.name);
  return merged
    .flatMap(([first, ...rest]): NamedOperation[] => {
      if (!first) return [];
      const { entry, owner } = first;
      const id = idOf(first, rest.length > 0, byName.get(entry.name) ?? [], aggregate);
      return [{ id, entry, owners: [owner, ...rest.map((other) => other.owner)] }];
    })
    .sort(inOrder);
}

/**
 * Returns the operations that a client's name may refer to: by id, by full name with or without the leading slash, or
 * by short name.
 */
export function operationsCalled(operations: readonly NamedOperation[], requested: string): readonly NamedOperation[] {
  const meanings: readonly ((operation: NamedOperation) => boolean)[] = [
    ({ id }) => id === requested,
    ({ entry: { id } }) => id === requested || id === `/${requested}`,
    ({ entry: { name } }) => name === requested,
  ];
  for (const matches of meanings) {
    const found = operations.filter(matches);
    if (found.length > 0) return found;
  }
  return [];
}

/** Returns an id under which exactly this operation is found. */
export function uniqueId({ id, entry }: NamedOperation, among: readonly NamedOperation[]): string {
  return among.filter((other) => other.id === id).length > 1 ? withoutSlash(entry.id) : id;
}

function idOf(
  { entry, owner }: OwnedOperation,
  shared: boolean,
  sameName: readonly (readonly OwnedOperation[])[],
  aggregate: boolean,
): string {
  if (sameName.length <= 1) return entry.name;
  const ofOwner = sameName.filter((owned) => owned.some((other) => isSameOwner(other.owner, owner)));
  const half = ofOwner.length > 1 ? withoutSlash(entry.id) : entry.name;
  return aggregate && !shared ? `${owner.entity.id}:${half}` : half;
}

/** A shared operation is one, however many members provide it; any other belongs to its member. */
function keyOf({ owner, entry: { id, asynchronous, shared } }: OwnedOperation): string {
  return JSON.stringify([owner.runtime, shared ? '' : owner.nativeId, id, asynchronous]);
}

function isSameOwner(one: OperationOwner, other: OperationOwner): boolean {
  return one.runtime === other.runtime && one.nativeId === other.nativeId;
}

function inOrder(a: NamedOperation, b: NamedOperation): number {
  return Number(a.entry.asynchronous) - Number(b.entry.asynchronous) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

function withoutSlash(id: string): string {
  return id.replace(/^\//, '');
}
