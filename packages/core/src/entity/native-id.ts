import { ALL_KINDS, KIND_WORDS } from '@medkit/contract';
import type { EntityRef } from './entity.ts';

/**
 * The native id of an entity whose runtime has no names for its entities but their ids: those are unique in one collection
 * alone, so it is `apps/pump`.
 */
export function nativeIdOf({ kind, id }: EntityRef): string {
  return `${KIND_WORDS[kind].collection}/${id}`;
}

const PREFIXES = ALL_KINDS.map((kind) => `${KIND_WORDS[kind].collection}/`);

/** What an entity with this native id is called in records, by whoever logs or answers for it: `pump`; the full name of a node as it is. */
export function nameOfNativeId(nativeId: string): string {
  const prefix = PREFIXES.find((each) => nativeId.startsWith(each));
  return prefix === undefined ? nativeId : nativeId.slice(prefix.length);
}
