import type { EntityRef } from '@medkit/client';

/** An item of data of an entity, and the line that names it. */
export interface DataRef {
  readonly entity: EntityRef;
  readonly dataId: string;
  readonly at: string;
}

const ENTITY = /^(app|component|area|function)s\/([^/]+)$/;
const DATA = /^((?:app|component|area|function)s\/[^/]+)\/data\/(.+)$/;

/** The entity that `apps/amcl` names; `undefined` where it names none. */
export function entityAt(path: string): EntityRef | undefined {
  const [, kind, id] = ENTITY.exec(path) ?? [];
  return kind === undefined || id === undefined ? undefined : { kind: kind as EntityRef['kind'], id };
}

/** The item of data that `apps/amcl/data/amcl_pose` names, and whose it is; `undefined` where it names none. */
export function dataAt(path: string): Omit<DataRef, 'at'> | undefined {
  const [, owner = '', dataId = ''] = DATA.exec(path) ?? [];
  const entity = entityAt(owner);
  return entity && { entity, dataId };
}

/** `apps/amcl`. */
export function entityPath({ kind, id }: EntityRef): string {
  return `${kind}s/${id}`;
}

/** `apps/amcl/data/amcl_pose`. */
export function dataPath({ entity, dataId }: Omit<DataRef, 'at'>): string {
  return `${entityPath(entity)}/data/${dataId}`;
}
