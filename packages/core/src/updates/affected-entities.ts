import type { UpdateMetadata } from '../providers/update-provider.ts';

/** Returns the ids of the components and apps whose software an update changes, according to its metadata. */
export function updatedComponents(metadata: UpdateMetadata): readonly string[] {
  return textsIn(metadata, 'updated_components');
}

/** Returns the ids of all entities whose faults show whether an update succeeded. Empty if the metadata names none. */
export function affectedEntities(metadata: UpdateMetadata): readonly string[] {
  return [...new Set([...updatedComponents(metadata), ...textsIn(metadata, 'affected_components')])];
}

/** Returns where an update can come from, according to its metadata: `remote`, `proximity`. */
export function updateOrigins(metadata: UpdateMetadata): readonly string[] {
  return textsIn(metadata, 'origins');
}

/** Returns the texts of a list member; other items are ignored. */
function textsIn(metadata: UpdateMetadata, member: string): readonly string[] {
  const value = metadata[member];
  return Array.isArray(value) ? value.filter((text): text is string => typeof text === 'string') : [];
}
