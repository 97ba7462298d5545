import { readFile, stat } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { PluginSettings } from '../config/index.ts';
import { isSharedLibrary, SHIPPED_PLUGINS } from '../config/shipped-plugins.ts';
import { type PackageFile, packageEntry } from './package-entry.ts';

/** Maximum size of a package.json. */
const MAX_PACKAGE_FILE_BYTES = 1_048_576;

/** Location of a plugin's module. */
export interface LocatedPlugin {
  readonly file: URL;
  /** Version of its package, if it has one. */
  readonly version: string | undefined;
}

/** Finds the module of a plugin. Throws a one-line error with the searched locations and a remedy. */
export async function locatePlugin({ name, path, folder }: PluginSettings): Promise<LocatedPlugin> {
  if (path === undefined) {
    const names = [SHIPPED_PLUGINS.get(name) ?? `@medkit/plugin-${name}`, name];
    return (await packageNamed(names, folder)) ?? absent(`packages ${names.join(' and ')} are not`, name, folder);
  }
  if (isSharedLibrary(path)) {
    throw new Error(
      `${path} is a shared library: medkit loads only Node modules, and has no replacement for this plugin`,
    );
  }
  if (!isAbsolute(path)) {
    return (await packageNamed([path], folder)) ?? absent(`package ${path} is not`, name, folder);
  }
  const facts = await stat(path).catch(() => undefined);
  if (!facts) throw new Error(`${path} does not exist: set plugins.${name}.path to the file or folder of the plugin`);
  if (facts.isDirectory()) return inFolder(path);
  const file = pathToFileURL(path);
  const owner = findPackageJSON(file);
  // Without a package.json above it, `findPackageJSON` returns the file itself.
  const hasOwner = owner !== undefined && basename(owner) === 'package.json';
  return { file, version: hasOwner ? (await readPackage(owner)).version : undefined };
}

/** Returns the first of these packages that is installed near `folder`, otherwise near medkit itself. */
async function packageNamed(names: readonly string[], folder: string): Promise<LocatedPlugin | undefined> {
  for (const from of [pathToFileURL(join(folder, 'medkit.yaml')), import.meta.url]) {
    for (const name of names) {
      const found = installed(name, from);
      if (found !== undefined) return inFolder(dirname(found));
    }
  }
  return undefined;
}

function installed(name: string, from: string | URL): string | undefined {
  try {
    return findPackageJSON(name, from);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

async function inFolder(folder: string): Promise<LocatedPlugin> {
  const contents = await readPackage(join(folder, 'package.json'));
  const entry = packageEntry(contents);
  if (entry === undefined) throw new Error(`the package in ${folder} exports no module`);
  return { file: pathToFileURL(join(folder, entry)), version: contents.version };
}

/** Reads a package.json; returns an empty object if it does not exist. Throws if it is not JSON. */
async function readPackage(file: string): Promise<PackageFile> {
  const facts = await stat(file).catch(() => undefined);
  if (!facts) return {};
  if (facts.size > MAX_PACKAGE_FILE_BYTES) throw new Error(`${file} is larger than ${MAX_PACKAGE_FILE_BYTES} bytes`);
  const contents: unknown = JSON.parse(await readFile(file, 'utf8'));
  return typeof contents === 'object' && contents !== null ? contents : {};
}

function absent(what: string, name: string, folder: string): never {
  throw new Error(`${what} installed near ${folder}: install it there with npm, or set plugins.${name}.path`);
}
