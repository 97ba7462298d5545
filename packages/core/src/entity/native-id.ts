import { ALL_KINDS, KIND_TERMS } from '@medkit/contract';
import type { EntityRef } from './entity.ts';

/**
 * Returns the native id for runtimes that name their entities by entity id. Ids are unique only within their
 * collection, so the native id is `apps/pump`.
 */
export function nativeIdOf({ kind, id }: EntityRef): string {
  return `${KIND_TERMS[kind].collection}/${id}`;
}

const PREFIXES = ALL_KINDS.map((kind) => `${KIND_TERMS[kind].collection}/`);

/**
 * Returns the name of an entity in logs and fault reports: `pump` for `apps/pump`. The full name of a node is returned
 * unchanged.
 */
export function nameOfNativeId(nativeId: string): string {
  const prefix = PREFIXES.find((each) => nativeId.startsWith(each));
  return prefix === undefined ? nativeId : nativeId.slice(prefix.length);
}
