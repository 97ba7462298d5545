import type { Files, WritableFiles } from '@medkit/edges';
import type { StoredNamespaces } from './namespace-table.ts';

/** Where the namespaces of one PLC are remembered. */
export interface NamespaceStore {
  /** Named in warnings, so that an operator can remove it; absent if nothing outlasts the gateway. */
  readonly path: string | undefined;
  /** Resolves with `undefined` if nothing is stored. Rejects if it is there and cannot be read. */
  read(): Promise<StoredNamespaces | undefined>;
  write(namespaces: StoredNamespaces): Promise<void>;
}

/** Remembers them for as long as the gateway runs. */
export function memoryNamespaceStore(): NamespaceStore {
  let stored: StoredNamespaces | undefined;
  return {
    path: undefined,
    read: async () => stored,
    write: async (namespaces) => {
      stored = namespaces;
    },
  };
}

/** Remembers them in a file. */
export function fileNamespaceStore(
  files: Pick<Files, 'readText'> & Pick<WritableFiles, 'replaceText'>,
  path: string,
): NamespaceStore {
  return {
    path,
    read: async () => {
      const text = await files.readText(path, { regularOnly: true });
      return text === undefined ? undefined : storedIn(text, path);
    },
    write: (namespaces) => files.replaceText(path, `${JSON.stringify(namespaces, undefined, 2)}\n`),
  };
}

function storedIn(text: string, path: string): StoredNamespaces {
  let read: Partial<StoredNamespaces> | null = null;
  try {
    read = JSON.parse(text) as Partial<StoredNamespaces> | null;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  const { uris, fingerprint } = read ?? {};
  if (Array.isArray(uris) && uris.every((uri) => typeof uri === 'string') && typeof fingerprint === 'string') {
    return { uris, fingerprint };
  }
  // To go on without it could give the indices of the node map another meaning.
  throw new Error(`${path} does not hold the namespaces of a PLC: remove it if the node map fits the PLC as it is now`);
}
