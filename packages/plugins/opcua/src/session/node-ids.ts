import type { NodeId } from 'node-opcua-client';
import { canonicalNodeId, type NodeIdKind, parseNodeId, printNodeId } from './node-id.ts';
import type { OpcuaLibrary } from './opcua-library.ts';
import { PlcRefused } from './plc-error.ts';

/** How the library numbers the kinds of identifiers. */
const TYPES: Readonly<Record<NodeIdKind, number>> = { i: 1, s: 2, g: 3, b: 4 };
const KINDS: readonly (NodeIdKind | undefined)[] = [undefined, 'i', 's', 'g', 'b'];

/** The node that a text names. Throws `PlcRefused` for what names none, before any server is asked. */
export function nodeIdOf({ NodeId: Id }: OpcuaLibrary, text: string): NodeId {
  const parts = parseNodeId(text);
  if (parts === undefined) {
    throw new PlcRefused(
      `expected a node id as ns=2;s=Tank.Level, found ${JSON.stringify(text.slice(0, 200))}`,
      'BadNodeIdInvalid',
    );
  }
  const { namespace, uri, kind, identifier } = parts;
  // `NamespaceTable` resolves URIs before a request is built.
  if (uri !== undefined) throw new PlcRefused(`the server has no namespace ${uri}`, 'BadNodeIdUnknown');
  const value = kind === 'i' ? Number(identifier) : kind === 'b' ? Buffer.from(identifier, 'base64') : identifier;
  return new Id(TYPES[kind] as never, value, namespace);
}

/** The text of a node that a server named; undefined for none, and for one that no server should have. */
export function textOf(nodeId: NodeId | null | undefined): string | undefined {
  if (!nodeId || typeof nodeId !== 'object') return undefined;
  const { namespace, identifierType, value } = nodeId as { namespace: number; identifierType: number; value: unknown };
  const kind = KINDS[identifierType];
  if (kind === undefined || value === null || value === undefined) return undefined;
  const identifier = Buffer.isBuffer(value) ? value.toString('base64') : String(value);
  const text = canonicalNodeId(printNodeId({ namespace, kind, identifier }));
  return text === 'i=0' ? undefined : text;
}
