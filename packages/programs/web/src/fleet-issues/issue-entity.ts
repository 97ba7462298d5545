/**
 * Returns whether evidence may be of an entity: evidence has it as a path, such as `apps/motor`, and an issue its name.
 * True if one of them is unknown.
 */
export function isOfEntity(path: string | null | undefined, entity: string | null | undefined): boolean {
  if (!path || !entity) return true;
  return path === entity || path.endsWith(`/${entity}`);
}
