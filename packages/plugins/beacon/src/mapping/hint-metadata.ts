import type { JsonValue } from '@medkit/core';
import type { LiveHint } from '../store/hint-store.ts';

const PREFIX = 'x-medkit-beacon-';

/**
 * What a hint says beyond the fields that every entity has, as metadata of its entity. The age is not among it: it changes
 * all the time, and the tree would with it; the document of the hint has it.
 */
export function hintMetadata({ hint, status }: LiveHint): Readonly<Record<string, JsonValue>> {
  const structured: readonly (readonly [string, JsonValue])[] = [
    ['status', status],
    ['transport-type', hint.transportType],
    ['negotiated-format', hint.negotiatedFormat],
    ['process-id', hint.processId || ''],
    ['process-name', hint.processName],
    ['hostname', hint.hostname],
    ['stable-id', hint.stableId],
    ['depends-on', hint.dependsOn],
    ['functions', hint.functionIds],
  ];
  // What the node calls by a name of ours comes first, so that ours replaces it.
  const said = [...Object.entries(hint.metadata), ...structured.filter(([, value]) => !isEmpty(value))];
  return Object.fromEntries(said.map(([key, value]) => [PREFIX + key, value]));
}

function isEmpty(value: JsonValue): boolean {
  return value === '' || (Array.isArray(value) && value.length === 0);
}
