import { entityIdProblem, isEntityId } from '@medkit/core';
import type { BeaconHint } from './beacon-hint.ts';

const MAX_TEXT_OCTETS = 512;
const MAX_IDS = 100;
const MAX_METADATA_ENTRIES = 50;
const MAX_METADATA_KEY_LENGTH = 64;
const MAX_METADATA_VALUE_OCTETS = 1024;
const MAX_PROCESS_ID = 2 ** 32 - 1;

/** A validated hint, or the reason why it is invalid. */
export type CheckedHint = { readonly hint: BeaconHint } | { readonly problem: string };

/**
 * Validates a hint: invalid fields are emptied, lists and texts that are too long are truncated. A hint without a valid
 * entity id is refused.
 */
export function checkedHint(hint: BeaconHint): CheckedHint {
  const problem = entityIdProblem(hint.entityId);
  if (problem !== undefined) return { problem };
  return {
    hint: {
      ...hint,
      stableId: idOrNothing(hint.stableId),
      displayName: cutText(hint.displayName, MAX_TEXT_OCTETS),
      functionIds: validIds(hint.functionIds),
      dependsOn: validIds(hint.dependsOn),
      componentId: idOrNothing(hint.componentId),
      transportType: cutText(hint.transportType, MAX_TEXT_OCTETS),
      negotiatedFormat: cutText(hint.negotiatedFormat, MAX_TEXT_OCTETS),
      processId: isProcessId(hint.processId) ? hint.processId : 0,
      processName: cutText(hint.processName, MAX_TEXT_OCTETS),
      hostname: cutText(hint.hostname, MAX_TEXT_OCTETS),
      metadata: validMetadata(hint.metadata),
    },
  };
}

/** Returns the accepted metadata keys in order; keys beyond the fiftieth are omitted. */
export function metadataKeys(keys: Iterable<string>): readonly string[] {
  return [...keys]
    .filter((key) => key.length <= MAX_METADATA_KEY_LENGTH && isEntityId(key))
    .sort()
    .slice(0, MAX_METADATA_ENTRIES);
}

function idOrNothing(id: string): string {
  return isEntityId(id) ? id : '';
}

function validIds(ids: readonly string[]): readonly string[] {
  return [...new Set(ids.filter(isEntityId))].slice(0, MAX_IDS);
}

function validMetadata(metadata: BeaconHint['metadata']): BeaconHint['metadata'] {
  return Object.fromEntries(
    metadataKeys(Object.keys(metadata)).map((key) => [key, cutText(metadata[key] ?? '', MAX_METADATA_VALUE_OCTETS)]),
  );
}

function isProcessId(id: number): boolean {
  return Number.isInteger(id) && id > 0 && id <= MAX_PROCESS_ID;
}

const encoder = new TextEncoder();

/** Returns the longest beginning of `text` with at most `octets` bytes of UTF-8, without splitting a character. */
function cutText(text: string, octets: number): string {
  // Every code unit takes at least one byte, so a text of any length costs no more than one at the limit.
  const beginning = text.slice(0, octets);
  return beginning.slice(0, encoder.encodeInto(beginning, new Uint8Array(octets)).read);
}
