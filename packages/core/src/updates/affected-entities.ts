import type { UpdateMetadata } from '../runtime/update-provider.ts';

/** Ids of the components and apps that have other software after an update, as it says. */
export function updatedComponents(metadata: UpdateMetadata): readonly string[] {
  return textsIn(metadata, 'updated_components');
}

/** Ids of all entities whose faults tell whether an update went well; none where it names none. */
export function affectedEntities(metadata: UpdateMetadata): readonly string[] {
  return [...new Set([...updatedComponents(metadata), ...textsIn(metadata, 'affected_components')])];
}

/** Where it can come from, as it says: `remote`, `proximity`. */
export function updateOrigins(metadata: UpdateMetadata): readonly string[] {
  return textsIn(metadata, 'origins');
}

/** What is no text is left out. */
function textsIn(metadata: UpdateMetadata, member: string): readonly string[] {
  const value = metadata[member];
  return Array.isArray(value) ? value.filter((text): text is string => typeof text === 'string') : [];
}
