import type { Entity } from '@medkit/core';

/** Maximum entities that a sentence names. */
const MAX_NAMED = 3;

/**
 * Returns the problem of areas and components that are their own ancestors; `undefined` if there are none. They are
 * shown at the top level.
 */
export function parentCycleProblem(entities: readonly Entity[]): string | undefined {
  const inCircles = [...idsInCycles(entities, 'area'), ...idsInCycles(entities, 'component')];
  if (inCircles.length === 0) return undefined;
  const more = inCircles.length > MAX_NAMED ? ` and ${inCircles.length - MAX_NAMED} more` : '';
  return `${inCircles.slice(0, MAX_NAMED).join(', ')}${more}: their parents form a cycle, so they are shown at the top level`;
}

function idsInCycles(entities: readonly Entity[], kind: 'area' | 'component'): readonly string[] {
  const parentOf = new Map<string, string>();
  for (const entity of entities) {
    if (entity.kind !== kind) continue;
    const parent = entity.kind === 'area' ? entity.parentAreaId : entity.parentComponentId;
    if (parent !== undefined) parentOf.set(entity.id, parent);
  }
  const found: string[] = [];
  const walked = new Set<string>();
  for (const start of parentOf.keys()) {
    const way: string[] = [];
    for (let id: string | undefined = start; id !== undefined && !walked.has(id); id = parentOf.get(id)) {
      walked.add(id);
      way.push(id);
    }
    // If the path ends at an entity on it, the rest from there on is a cycle.
    const end = parentOf.get(way.at(-1) ?? '');
    const at = end === undefined ? -1 : way.indexOf(end);
    if (at >= 0) found.push(...way.slice(at));
  }
  return found.sort();
}
