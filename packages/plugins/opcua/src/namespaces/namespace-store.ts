import type { Files, WritableFiles } from '@medkit/edges';
import type { StoredNamespaces } from './namespace-table.ts';

/** Storage for the namespaces of one PLC. */
export interface NamespaceStore {
  /** Shown in warnings, so that an operator can remove the file; absent if nothing is stored on disk. */
  readonly path: string | undefined;
  /** Resolves with `undefined` if nothing is stored. Rejects if the file exists but cannot be read. */
  read(): Promise<StoredNamespaces | undefined>;
  write(namespaces: StoredNamespaces): Promise<void>;
}

/** Stores them in memory. */
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

/** Stores them in a file. */
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
  // Continuing without it could change the meaning of the node map's indexes.
  throw new Error(
    `${path} does not contain the namespaces of a PLC: remove it if the node map matches the current PLC`,
  );
}
