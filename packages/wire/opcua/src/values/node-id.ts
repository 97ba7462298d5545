/** Kind of a node's identifier (OPC 10000-3, 8.2.3): number, string, GUID, bytes in base64. */
export type NodeIdKind = 'i' | 's' | 'g' | 'b';

/** The parts of a node id (OPC 10000-6, 5.3.1.10). */
export interface NodeIdParts {
  /** Index in the namespace array of the server; 0 if `uri` names the namespace. */
  readonly namespace: number;
  /** URI of the namespace, if the text contains `nsu=`. */
  readonly uri?: string;
  readonly kind: NodeIdKind;
  /** Text after the `=`, in canonical form. */
  readonly identifier: string;
}

const MAX_NAMESPACE = 0xffff;
const MAX_NUMERIC = 0xffff_ffff;
/** Maximum length of string and byte identifiers (OPC 10000-3, 8.2.4). */
const MAX_IDENTIFIER_LENGTH = 4096;
/** Namespace 0 of every server (OPC 10000-5, 4.3), omitted in node ids. */
export const OPC_UA_URI = 'http://opcfoundation.org/UA/';
const MAX_URI_LENGTH = 1024;
const FORM = /^(?:ns=(\d{1,5});|nsu=([^;]+);)?([isgb])=(.*)$/s;
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Parses `ns=2;s=Tank.Level`, `nsu=urn:plant:tank;s=Level` or `i=85`; returns `undefined` for an invalid node id. */
export function parseNodeId(text: string): NodeIdParts | undefined {
  const [, index = '0', encoded, kind, written = ''] = FORM.exec(text) ?? [];
  const namespace = Number(index);
  if (kind === undefined || namespace > MAX_NAMESPACE) return undefined;
  const identifier = canonicalIdentifier(kind as NodeIdKind, written);
  const uri = encoded?.replace(/%3B|%25/gi, (code) => (code === '%25' ? '%' : ';'));
  if (identifier === undefined || (uri?.length ?? 0) > MAX_URI_LENGTH) return undefined;
  const parts = { namespace, kind: kind as NodeIdKind, identifier };
  return uri === undefined || uri === OPC_UA_URI ? parts : { ...parts, uri };
}

/** Formats a node id in canonical form, without namespace 0, as in servers and node maps. */
export function printNodeId({ namespace, uri, kind, identifier }: NodeIdParts): string {
  // `;` and `%` are escaped in a URI (OPC 10000-6, 5.3.1.11).
  if (uri !== undefined) return `nsu=${uri.replaceAll('%', '%25').replaceAll(';', '%3B')};${kind}=${identifier}`;
  return namespace === 0 ? `${kind}=${identifier}` : `ns=${namespace};${kind}=${identifier}`;
}

/** Returns the canonical text of a node id; `undefined` if it is invalid. */
export function canonicalNodeId(text: string): string | undefined {
  const parts = parseNodeId(text);
  return parts && printNodeId(parts);
}

function canonicalIdentifier(kind: NodeIdKind, written: string): string | undefined {
  switch (kind) {
    case 'i':
      return /^\d{1,10}$/.test(written) && Number(written) <= MAX_NUMERIC ? String(Number(written)) : undefined;
    case 's':
      return written !== '' && written.length <= MAX_IDENTIFIER_LENGTH ? written : undefined;
    case 'g': {
      const guid = written.toLowerCase();
      return GUID.test(guid) ? guid : undefined;
    }
    case 'b':
      return written !== '' && written.length <= (MAX_IDENTIFIER_LENGTH * 4) / 3 + 4 && BASE64.test(written)
        ? Buffer.from(written, 'base64').toString('base64')
        : undefined;
  }
}
