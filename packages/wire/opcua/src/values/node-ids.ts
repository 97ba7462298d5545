import type { NodeId } from 'node-opcua-client';
import type { OpcuaLibrary } from '../opcua-library.ts';
import { PlcRefused } from '../plc-error.ts';
import { canonicalNodeId, type NodeIdKind, parseNodeId, printNodeId } from './node-id.ts';

/** Numbers of the identifier kinds in the library. */
const TYPES: Readonly<Record<NodeIdKind, number>> = { i: 1, s: 2, g: 3, b: 4 };
const KINDS: readonly (NodeIdKind | undefined)[] = [undefined, 'i', 's', 'g', 'b'];

/** Parses a node id for the library. Throws `PlcRefused` if it is invalid, before any server is contacted. */
export function nodeIdOf({ NodeId: Id }: OpcuaLibrary, text: string): NodeId {
  const parts = parseNodeId(text);
  if (parts === undefined) {
    throw new PlcRefused(
      `expected a node id such as ns=2;s=Tank.Level, found ${JSON.stringify(text.slice(0, 200))}`,
      'BadNodeIdInvalid',
    );
  }
  const { namespace, uri, kind, identifier } = parts;
  // `NamespaceTable` resolves URIs before a request is created.
  if (uri !== undefined) throw new PlcRefused(`the server has no namespace ${uri}`, 'BadNodeIdUnknown');
  const value = kind === 'i' ? Number(identifier) : kind === 'b' ? Buffer.from(identifier, 'base64') : identifier;
  return new Id(TYPES[kind] as never, value, namespace);
}

/** Returns the text of a server's node id; `undefined` if it is absent or invalid. */
export function textOf(nodeId: NodeId | null | undefined): string | undefined {
  if (!nodeId || typeof nodeId !== 'object') return undefined;
  const { namespace, identifierType, value } = nodeId as { namespace: number; identifierType: number; value: unknown };
  const kind = KINDS[identifierType];
  if (kind === undefined || value === null || value === undefined) return undefined;
  const identifier = Buffer.isBuffer(value) ? value.toString('base64') : String(value);
  const text = canonicalNodeId(printNodeId({ namespace, kind, identifier }));
  return text === 'i=0' ? undefined : text;
}
