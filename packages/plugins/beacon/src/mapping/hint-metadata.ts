import type { JsonValue } from '@medkit/core';
import type { LiveHint } from '../store/hint-store.ts';

const PREFIX = 'x-medkit-beacon-';

/**
 * Returns the fields of a hint beyond the common entity fields as metadata. The age is not included because it would
 * change the tree continuously; the document of the hint contains it.
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
  // The structured fields come last, so that they override the node's metadata of the same name.
  const said = [...Object.entries(hint.metadata), ...structured.filter(([, value]) => !isEmpty(value))];
  return Object.fromEntries(said.map(([key, value]) => [PREFIX + key, value]));
}

function isEmpty(value: JsonValue): boolean {
  return value === '' || (Array.isArray(value) && value.length === 0);
}
