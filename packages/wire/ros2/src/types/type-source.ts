import type { Files } from '@medkit/edges';
import { bundledInterface } from '../definitions/bundled/bundled.ts';
import { formatTypeName, type TypeName } from '../names/type-names.ts';

/** The text of an interface file and its origin: `bundled`, or its path. */
export interface InterfaceText {
  readonly text: string;
  readonly source: string;
}

/** File access for interface files. */
export type SourceFiles = Pick<Files, 'readText' | 'list'>;

/** A source of interface files. */
export interface TypeSource {
  find(name: TypeName): Promise<InterfaceText | undefined>;
}

/** The definitions bundled with medkit. */
export const bundledSource: TypeSource = {
  async find(name) {
    const text = await bundledInterface(formatTypeName(name));
    return text === undefined ? undefined : { text, source: 'bundled' };
  },
};

/** A folder that contains `<package>/<kind>/<Name>.<kind>`, such as the `share` folder of an installation. */
export function folderSource(files: SourceFiles, folder: string): TypeSource {
  return {
    async find({ packageName, kind, name }) {
      // The parts of a type name are identifiers, so a name from the network cannot escape the folder.
      const source = `${folder}/${packageName}/${kind}/${name}.${kind}`;
      const text = await files.readText(source, { regularOnly: true });
      return text === undefined ? undefined : { text, source };
    },
  };
}

/**
 * A folder named by the user: a `share` folder, package sources, an installation with a `share` folder, or a colcon
 * installation with a folder per package.
 */
export function userFolderSource(files: SourceFiles, folder: string): TypeSource {
  return {
    async find(name) {
      for (const share of [folder, `${folder}/share`, `${folder}/${name.packageName}/share`]) {
        const found = await folderSource(files, share).find(name);
        if (found) return found;
      }
      return undefined;
    },
  };
}

/** The `share` folders of all distributions in /opt/ros, in descending order of name. */
export function installedSource(files: SourceFiles, root = '/opt/ros'): TypeSource {
  return {
    async find(name) {
      const distributions = (await files.list(root)).filter(({ isDirectory }) => isDirectory).toReversed();
      for (const distribution of distributions) {
        const found = await folderSource(files, `${root}/${distribution.name}/share`).find(name);
        if (found) return found;
      }
      return undefined;
    },
  };
}
