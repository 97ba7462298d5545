import { entityIdProblem, MAX_ENTITY_ID_LENGTH, toEntityId } from '@medkit/core';
import { canonicalNodeId } from '../session/node-id.ts';
import type { MapFields } from './map-fields.ts';

/** Characters of the name of a data point or an operation: it is a segment of a path. */
const MAX_NAME_LENGTH = 256;
/** Characters of a node id as it is written: base64 of the longest identifier, and its namespace. */
const MAX_NODE_ID_LENGTH = 8000;
/** A GUID in the braces that the registry of Windows has it in. */
const BRACED = /^((?:ns=\d{1,5};|nsu=[^;]+;)?g=)\{(.*)\}$/;

/** The node id below `name`, in its canonical form. What is none is warned of, and undefined. */
export function nodeIdOf(fields: MapFields, name: string): string | undefined {
  const text = fields.text(name, MAX_NODE_ID_LENGTH);
  return text === undefined ? undefined : checkedNodeId(fields, name, text);
}

/** The node ids of the list below `name`, or the only one; those that are none are skipped, with a warning each. */
export function nodeIdsOf(fields: MapFields, name: string, most: number): readonly string[] | undefined {
  const part = fields.part(name);
  const texts = part?.kind === 'value' ? [part.text] : fields.texts(name, most);
  return texts?.flatMap((text) => checkedNodeId(fields, name, text) ?? []);
}

function checkedNodeId(fields: MapFields, name: string, text: string): string | undefined {
  const nodeId = canonicalNodeId(text.replace(BRACED, '$1$2'));
  if (nodeId !== undefined) return nodeId;
  fields.warn(
    `${name}: expected a node id as ns=2;s=Tank.Level or nsu=urn:plant:tank;s=Level, found ${JSON.stringify(text.slice(0, 80))}`,
  );
  return undefined;
}

/** The id of an entity below `name`; one with foreign characters is made one of those that ids have, with a warning. */
export function entityIdOf(fields: MapFields, name: string): string | undefined {
  const text = fields.text(name, MAX_ENTITY_ID_LENGTH);
  const problem = text === undefined ? undefined : entityIdProblem(text);
  if (text === undefined || problem === undefined) return text;
  const id = toEntityId(text);
  fields.warn(`${name}: ${problem}${id === '' ? '' : `; it is ${id} here`}`);
  return id === '' ? undefined : id;
}

/** The name of a data point or an operation below `name`. */
export function itemNameOf(fields: MapFields, name: string): string | undefined {
  const text = fields.text(name, MAX_NAME_LENGTH);
  // A name with control characters, or of a folder, is no segment that a client could ask for.
  if (text === undefined || !(/\p{Cc}/u.test(text) || ['', '.', '..'].includes(text))) return text;
  fields.warn(`${name}: expected a name without control characters, found ${JSON.stringify(text.slice(0, 80))}`);
  return undefined;
}
