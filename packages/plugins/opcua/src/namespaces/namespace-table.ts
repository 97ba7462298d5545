import { type NodeIdParts, OPC_UA_URI, parseNodeId, printNodeId } from '../session/node-id.ts';

/** What a gateway remembers of a PLC's namespaces, so that `ns=2` of the node map keeps its meaning. */
export interface StoredNamespaces {
  /** URIs by the indices that the node map has for them: those of the first session, and new ones after them. */
  readonly uris: readonly string[];
  /** Fingerprint of the entries of the node map that name a namespace by its index. */
  readonly fingerprint: string;
}

export interface NamespaceTableOptions {
  readonly stored: StoredNamespaces | undefined;
  /** The namespace array of the present session; absent if the server does not show it. */
  readonly present: readonly string[] | undefined;
  readonly fingerprint: string;
  /** Node ids as the node map has them: a node of the server that is one of them is known by that text. */
  readonly mapped: readonly string[];
}

/**
 * Translates node ids between the node map and one session (OPC 10000-3, 8.2.2: a server may order its namespaces anew at each
 * start). An index of the map means the URI that had it in the first session. An id whose namespace the server does not have, or
 * whose meaning is uncertain, has no translation: it is neither read nor written.
 */
export class NamespaceTable {
  /** What to remember; absent if it is what was stored, or nothing is certain. */
  readonly toStore: StoredNamespaces | undefined;
  /** True if every node id is the same on both sides. */
  readonly isIdentity: boolean;
  readonly #uris: readonly string[];
  readonly #present: readonly string[];
  /** Ids of the node map by their form with a URI. */
  readonly #mapped: ReadonlyMap<string, string>;
  /** The node map changed and so did the order: it is unknown which order its indices were written for. */
  readonly #isUncertain: boolean;

  constructor({ stored, present, fingerprint, mapped }: NamespaceTableOptions) {
    this.#present = present ?? [];
    const isReordered = stored !== undefined && isOrderedAnew(stored.uris, this.#present);
    this.#isUncertain = isReordered && stored.fingerprint !== fingerprint;
    const known = stored?.uris ?? [];
    this.#uris = [
      ...known,
      ...this.#present.slice(isReordered ? 0 : known.length).filter((uri) => !known.includes(uri)),
    ];
    const namesUri = mapped.some((nodeId) => parseNodeId(nodeId)?.uri !== undefined);
    this.isIdentity = !namesUri && !isReordered;
    this.#mapped = new Map(mapped.map((nodeId) => [this.#withUri(nodeId, this.#uris), nodeId]));
    const isStored = stored?.fingerprint === fingerprint && stored.uris.length === this.#uris.length;
    const isWorthStoring = present !== undefined && !isStored && !this.#isUncertain;
    this.toStore = isWorthStoring ? { uris: this.#uris, fingerprint } : undefined;
  }

  /** The id of the node at the server; `undefined` if it must not be asked for. */
  toServer(nodeId: string): string | undefined {
    const parts = parseNodeId(nodeId);
    // The session refuses what is no node id, with a better reason.
    if (parts === undefined) return nodeId;
    const { uri, ...rest } = parts;
    const namespace = uri === undefined ? this.indexAtServer(parts.namespace) : indexOf(this.#present, uri);
    return namespace === undefined ? undefined : printNodeId({ ...rest, namespace });
  }

  /** The id by which the node map and the gateway know a node of the server. */
  fromServer(nodeId: string): string {
    const parts = parseNodeId(nodeId);
    if (parts === undefined || parts.namespace === 0) return nodeId;
    const mapped = this.#mapped.get(this.#withUri(nodeId, this.#present));
    if (mapped !== undefined) return mapped;
    return printNodeId({ ...parts, namespace: this.indexInMap(parts.namespace) });
  }

  /** The index at the server of a namespace of the node map; `undefined` if the server does not have it, or it is uncertain. */
  indexAtServer(index: number): number | undefined {
    if (index === 0) return 0;
    const uri = this.#uris[index];
    // Beyond both tables: the server answers that it does not know the node.
    if (uri === undefined) return index;
    if (this.#present[index] === uri) return index;
    return this.#isUncertain ? undefined : indexOf(this.#present, uri);
  }

  /** The index in the node map of a namespace of the server. */
  indexInMap(index: number): number {
    const uri = this.#present[index];
    if (uri === undefined || this.#uris[index] === uri) return index;
    return indexOf(this.#uris, uri) ?? index;
  }

  #withUri(nodeId: string, uris: readonly string[]): string {
    const parts = parseNodeId(nodeId);
    const uri = parts?.uri ?? uris[parts?.namespace ?? 0];
    return parts === undefined || parts.namespace + (uri?.length ?? 0) === 0 || !uri
      ? nodeId
      : printNodeId({ ...parts, uri });
  }

  /** Why a node id has no translation, in a sentence. */
  refusalOf(nodeId: string): string {
    const { uri, namespace = 0 }: Partial<NodeIdParts> = parseNodeId(nodeId) ?? {};
    if (uri !== undefined) return `the server has no namespace ${uri}`;
    const known = this.#uris[namespace];
    if (!this.#isUncertain) return `the server no longer has the namespace ${known}, which ns=${namespace} means`;
    return `ns=${namespace} meant ${known} before and is ${this.#present[namespace] ?? 'no namespace'} at the server now, and the node map was changed since`;
  }
}

/** Whether an index of both lists means different namespaces, or the second lacks some. */
function isOrderedAnew(known: readonly string[], present: readonly string[]): boolean {
  return known.some((uri, index) => index > 0 && present[index] !== uri);
}

/** An empty URI is no name: several namespaces of a server may have it. */
function indexOf(uris: readonly string[], uri: string): number | undefined {
  if (uri === OPC_UA_URI) return 0;
  const index = uri === '' ? -1 : uris.indexOf(uri);
  return index < 0 ? undefined : index;
}
