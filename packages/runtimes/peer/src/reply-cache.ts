import { type Awaitable, type Entity, type ForwardReply, type ForwardRequest, nativeIdOf } from '@medkit/core';

/** Stored data of a gateway for the time when it is offline. */
export interface ReplyCache {
  /** Returns the stored reply to a request; `undefined` if there is none. */
  answer(nativeId: string, request: ForwardRequest): Awaitable<ForwardReply | undefined>;
  /** Returns entities with stored data, possibly with duplicates. */
  entities(): readonly Entity[];
}

/** Returns an entity and all its ancestors; empty if it does not exist. */
export function entityWithAncestors(nativeId: string, all: readonly Entity[]): readonly Entity[] {
  const byId = new Map(all.map((entity) => [nativeIdOf(entity), entity]));
  const found = new Map<string, Entity>();
  const add = (id: string): void => {
    const entity = byId.get(id);
    if (!entity || found.has(id)) return;
    found.set(id, entity);
    for (const above of containersOf(entity)) add(above);
  };
  add(nativeId);
  return [...found.values()];
}

function containersOf(entity: Entity): readonly string[] {
  const component = (id: string | undefined) => (id === undefined ? [] : [nativeIdOf({ kind: 'component', id })]);
  const area = (id: string | undefined) => (id === undefined ? [] : [nativeIdOf({ kind: 'area', id })]);
  switch (entity.kind) {
    case 'app':
      return component(entity.componentId);
    case 'component':
      return [...component(entity.parentComponentId), ...area(entity.areaId)];
    case 'area':
      return area(entity.parentAreaId);
    case 'function':
      return [];
  }
}
