import { type NodeIdParts, OPC_UA_URI, parseNodeId, printNodeId } from '@medkit/opcua';

/** Stored namespaces of a PLC, so that `ns=2` of the node map keeps its meaning. */
export interface StoredNamespaces {
  /** URIs by their indexes in the node map: those of the first session, followed by new ones. */
  readonly uris: readonly string[];
  /** Fingerprint of the node map's entries with a namespace index. */
  readonly fingerprint: string;
}

export interface NamespaceTableOptions {
  readonly stored: StoredNamespaces | undefined;
  /** The namespace array of the current session; absent if the server does not provide it. */
  readonly present: readonly string[] | undefined;
  readonly fingerprint: string;
  /** Node ids of the node map: a server node with one of these ids is known by this text. */
  readonly mapped: readonly string[];
}

/**
 * Translates node ids between the node map and a session. A server may reorder its namespaces at each start (OPC
 * 10000-3, 8.2.2). An index in the map refers to the URI that it had in the first session. If the server lacks the
 * namespace or its meaning is uncertain, the id has no translation and is neither read nor written.
 */
export class NamespaceTable {
  /** What to store; absent if nothing has changed or nothing is certain. */
  readonly toStore: StoredNamespaces | undefined;
  /** True if all node ids are the same on both sides. */
  readonly isIdentity: boolean;
  readonly #uris: readonly string[];
  readonly #present: readonly string[];
  /** Ids of the node map by their form with a URI. */
  readonly #mapped: ReadonlyMap<string, string>;
  /** Both the node map and the order have changed: it is unknown which order the map's indexes refer to. */
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

  /** Returns the node's id at the server; `undefined` if it must not be used. */
  toServer(nodeId: string): string | undefined {
    const parts = parseNodeId(nodeId);
    // Invalid node ids are refused by the session, with a better reason.
    if (parts === undefined) return nodeId;
    const { uri, ...rest } = parts;
    const namespace = uri === undefined ? this.indexAtServer(parts.namespace) : indexOf(this.#present, uri);
    return namespace === undefined ? undefined : printNodeId({ ...rest, namespace });
  }

  /** Returns the id by which the node map and the gateway know a server node. */
  fromServer(nodeId: string): string {
    const parts = parseNodeId(nodeId);
    if (parts === undefined || parts.namespace === 0) return nodeId;
    const mapped = this.#mapped.get(this.#withUri(nodeId, this.#present));
    if (mapped !== undefined) return mapped;
    return printNodeId({ ...parts, namespace: this.indexInMap(parts.namespace) });
  }

  /**
   * Returns the server's index of a namespace of the node map; `undefined` if the server lacks it or it is uncertain.
   */
  indexAtServer(index: number): number | undefined {
    if (index === 0) return 0;
    const uri = this.#uris[index];
    // In neither table: the server will answer that the node is unknown.
    if (uri === undefined) return index;
    if (this.#present[index] === uri) return index;
    return this.#isUncertain ? undefined : indexOf(this.#present, uri);
  }

  /** Returns the index in the node map of a server's namespace. */
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

  /** Returns why a node id has no translation, as a sentence. */
  refusalOf(nodeId: string): string {
    const { uri, namespace = 0 }: Partial<NodeIdParts> = parseNodeId(nodeId) ?? {};
    if (uri !== undefined) return `the server has no namespace ${uri}`;
    const known = this.#uris[namespace];
    if (!this.#isUncertain) return `the server no longer has the namespace ${known}, to which ns=${namespace} refers`;
    return `ns=${namespace} was ${known} before and is now ${this.#present[namespace] ?? 'no namespace'} at the server, and the node map has changed since`;
  }
}

/** Returns whether an index refers to different namespaces in the two lists, or the second list lacks some. */
function isOrderedAnew(known: readonly string[], present: readonly string[]): boolean {
  return known.some((uri, index) => index > 0 && present[index] !== uri);
}

/** An empty URI does not identify a namespace: several may have it. */
function indexOf(uris: readonly string[], uri: string): number | undefined {
  if (uri === OPC_UA_URI) return 0;
  const index = uri === '' ? -1 : uris.indexOf(uri);
  return index < 0 ? undefined : index;
}
