/** How the identifier of a node is written (OPC 10000-3, 8.2.3): number, string, GUID, octets as base64. */
export type NodeIdKind = 'i' | 's' | 'g' | 'b';

/** A node id in its parts (OPC 10000-6, 5.3.1.10). */
export interface NodeIdParts {
  /** Index in the table of namespaces of its server. */
  readonly namespace: number;
  readonly kind: NodeIdKind;
  /** What stands behind the `=`, in its canonical form. */
  readonly identifier: string;
}

const MAX_NAMESPACE = 0xffff;
const MAX_NUMERIC = 0xffff_ffff;
/** OPC 10000-3, 8.2.4: neither strings nor octets of an identifier are longer. */
const MAX_IDENTIFIER_LENGTH = 4096;
const FORM = /^(?:ns=(\d{1,5});)?([isgb])=(.*)$/s;
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Takes `ns=2;s=Tank.Level`, `i=85`; undefined for what is no node id. */
export function parseNodeId(text: string): NodeIdParts | undefined {
  const [, index = '0', kind, written = ''] = FORM.exec(text) ?? [];
  const namespace = Number(index);
  if (kind === undefined || namespace > MAX_NAMESPACE) return undefined;
  const identifier = canonicalIdentifier(kind as NodeIdKind, written);
  return identifier === undefined ? undefined : { namespace, kind: kind as NodeIdKind, identifier };
}

/** The one text of a node id: without a namespace where that is 0, as servers and node maps write it. */
export function printNodeId({ namespace, kind, identifier }: NodeIdParts): string {
  return namespace === 0 ? `${kind}=${identifier}` : `ns=${namespace};${kind}=${identifier}`;
}

/** The one text of the node that `text` names; undefined for what is no node id. */
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
