import { readFile, stat } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { PluginSettings } from '../config/index.ts';
import { type PackageFile, packageEntry } from './package-entry.ts';
import { isSharedLibrary, SHIPPED_PLUGINS } from './shipped-plugins.ts';

/** A package.json that is larger is none. */
const MAX_PACKAGE_FILE_BYTES = 1_048_576;

/** Where the module of a plugin is. */
export interface LocatedPlugin {
  readonly file: URL;
  /** Of its package, where it has one. */
  readonly version: string | undefined;
}

/** Finds the module of a plugin. Throws in one line that says what was looked for and what to do. */
export async function locatePlugin({ name, path, folder }: PluginSettings): Promise<LocatedPlugin> {
  if (path === undefined) {
    const names = [SHIPPED_PLUGINS.get(name) ?? `@medkit/plugin-${name}`, name];
    return (await packageNamed(names, folder)) ?? absent(`packages ${names.join(' and ')} are not`, name, folder);
  }
  if (isSharedLibrary(path)) {
    throw new Error(`${path} is a shared library: medkit loads plugins that are modules for Node, and has none for it`);
  }
  if (!isAbsolute(path)) {
    return (await packageNamed([path], folder)) ?? absent(`package ${path} is not`, name, folder);
  }
  const facts = await stat(path).catch(() => undefined);
  if (!facts) throw new Error(`there is no ${path}: set plugins.${name}.path to the file or folder of the plugin`);
  if (facts.isDirectory()) return inFolder(path);
  const file = pathToFileURL(path);
  const owner = findPackageJSON(file);
  // Without any package.json above it, the file itself comes back.
  const hasOwner = owner !== undefined && basename(owner) === 'package.json';
  return { file, version: hasOwner ? (await readPackage(owner)).version : undefined };
}

/** The first of these packages that is installed near `folder`, else near medkit itself. */
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

/** An empty one where there is none. Throws where it is no JSON. */
async function readPackage(file: string): Promise<PackageFile> {
  const facts = await stat(file).catch(() => undefined);
  if (!facts) return {};
  if (facts.size > MAX_PACKAGE_FILE_BYTES) throw new Error(`${file} is larger than ${MAX_PACKAGE_FILE_BYTES} octets`);
  const contents: unknown = JSON.parse(await readFile(file, 'utf8'));
  return typeof contents === 'object' && contents !== null ? contents : {};
}

function absent(what: string, name: string, folder: string): never {
  throw new Error(`${what} installed near ${folder}: npm install it there, or set plugins.${name}.path`);
}
