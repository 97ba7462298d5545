import { entityIdProblem, MAX_ENTITY_ID_LENGTH, toEntityId } from '@medkit/core';
import { canonicalNodeId } from '@medkit/opcua';
import type { MapFields } from './map-fields.ts';

/** Maximum characters of a data point's or operation's name, which is a segment of a path. */
const MAX_NAME_LENGTH = 256;
/** Maximum characters of a node id: the longest identifier in base64, and its namespace. */
const MAX_NODE_ID_LENGTH = 8000;
/** A GUID in braces, as in the Windows registry. */
const BRACED = /^((?:ns=\d{1,5};|nsu=[^;]+;)?g=)\{(.*)\}$/;

/** Reads the node id in `name`, in canonical form. Returns `undefined` and warns if it is invalid. */
export function nodeIdOf(fields: MapFields, name: string): string | undefined {
  const text = fields.text(name, MAX_NODE_ID_LENGTH);
  return text === undefined ? undefined : checkedNodeId(fields, name, text);
}

/** Reads the node ids in `name`, a list or a single one; skips invalid ids with a warning. */
export function nodeIdsOf(fields: MapFields, name: string, most: number): readonly string[] | undefined {
  const part = fields.part(name);
  const texts = part?.kind === 'value' ? [part.text] : fields.texts(name, most);
  return texts?.flatMap((text) => checkedNodeId(fields, name, text) ?? []);
}

function checkedNodeId(fields: MapFields, name: string, text: string): string | undefined {
  const nodeId = canonicalNodeId(text.replace(BRACED, '$1$2'));
  if (nodeId !== undefined) return nodeId;
  fields.warn(
    `${name}: expected a node id such as ns=2;s=Tank.Level or nsu=urn:plant:tank;s=Level, found ${JSON.stringify(text.slice(0, 80))}`,
  );
  return undefined;
}

/** Reads the entity id in `name`; replaces invalid characters and warns about them. */
export function entityIdOf(fields: MapFields, name: string): string | undefined {
  const text = fields.text(name, MAX_ENTITY_ID_LENGTH);
  const problem = text === undefined ? undefined : entityIdProblem(text);
  if (text === undefined || problem === undefined) return text;
  const id = toEntityId(text);
  fields.warn(`${name}: ${problem}${id === '' ? '' : `; the gateway uses ${id}`}`);
  return id === '' ? undefined : id;
}

/** Reads the name of a data point or operation in `name`. */
export function itemNameOf(fields: MapFields, name: string): string | undefined {
  const text = fields.text(name, MAX_NAME_LENGTH);
  // A client cannot request a name with control characters or `.` and `..` as a path segment.
  if (text === undefined || !(/\p{Cc}/u.test(text) || ['', '.', '..'].includes(text))) return text;
  fields.warn(`${name}: expected a name without control characters, found ${JSON.stringify(text.slice(0, 80))}`);
  return undefined;
}
