import type { Files } from '../files.ts';

/** A file system made of a map from absolute path to text. */
export function memoryFiles(texts: Readonly<Record<string, string>>): Files {
  return {
    readText: async (path) => texts[path],
    async list(path) {
      const prefix = path.endsWith('/') ? path : `${path}/`;
      const names = new Map<string, boolean>();
      for (const file of Object.keys(texts)) {
        if (!file.startsWith(prefix)) continue;
        const [name, ...rest] = file.slice(prefix.length).split('/');
        names.set(name, rest.length > 0);
      }
      return [...names]
        .map(([name, isDirectory]) => ({ name, isDirectory }))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    },
  };
}
