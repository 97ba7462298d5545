import { type Awaitable, type Entity, type ForwardReply, type ForwardRequest, nativeIdOf } from '@medkit/core';

/** What was kept of a gateway for the time in which it is not there. */
export interface KeptReplies {
  /** What it would answer, as far as that was kept; `undefined` where nothing of the kind was. */
  answer(nativeId: string, request: ForwardRequest): Awaitable<ForwardReply | undefined>;
  /** Entities of it of which something was kept, each of them once or several times. */
  entities(): readonly Entity[];
}

/** An entity and all that it is in, as its gateway tells them; none where it is not among them. */
export function entitiesAround(nativeId: string, all: readonly Entity[]): readonly Entity[] {
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
