import type { Files } from '@medkit/edges';
import { bundledInterface } from '../definitions/bundled/bundled.ts';
import { formatTypeName, type TypeName } from '../names/type-names.ts';

/** The text of an interface file, and where it came from: `bundled`, or its path. */
export interface InterfaceText {
  readonly text: string;
  readonly source: string;
}

/** Where interface files are read. */
export type SourceFiles = Pick<Files, 'readText' | 'list'>;

/** A place where interface files are found. */
export interface TypeSource {
  find(name: TypeName): Promise<InterfaceText | undefined>;
}

/** The definitions medkit carries with it. */
export const bundledSource: TypeSource = {
  async find(name) {
    const text = await bundledInterface(formatTypeName(name));
    return text === undefined ? undefined : { text, source: 'bundled' };
  },
};

/** A folder with `<package>/<kind>/<Name>.<kind>` below it, as the `share` folder of an installation. */
export function folderSource(files: SourceFiles, folder: string): TypeSource {
  return {
    async find({ packageName, kind, name }) {
      // Names are words, so that a type from the network cannot point elsewhere.
      const source = `${folder}/${packageName}/${kind}/${name}.${kind}`;
      const text = await files.readText(source, { regularOnly: true });
      return text === undefined ? undefined : { text, source };
    },
  };
}

/**
 * A folder that a user names: a `share` folder or the sources of packages, an installation with `share` below it, or one of
 * colcon with a folder for each package.
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

/** The `share` folders of all distributions in /opt/ros, newest name first. */
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
