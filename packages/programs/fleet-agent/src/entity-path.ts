import type { EntityRef } from '@medkit/client';

/** A data item of an entity, with its line in the file. */
export interface DataRef {
  readonly entity: EntityRef;
  readonly dataId: string;
  readonly at: string;
}

const ENTITY = /^(app|component|area|function)s\/([^/]+)$/;
const DATA = /^((?:app|component|area|function)s\/[^/]+)\/data\/(.+)$/;

/** Parses an entity such as `apps/amcl`. Returns `undefined` for an invalid path. */
export function entityAt(path: string): EntityRef | undefined {
  const [, kind, id] = ENTITY.exec(path) ?? [];
  return kind === undefined || id === undefined ? undefined : { kind: kind as EntityRef['kind'], id };
}

/** Parses a data item such as `apps/amcl/data/amcl_pose`. Returns `undefined` for an invalid path. */
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
