import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isBuilt, packageFolder } from '../layers/package-folders.ts';
import { bundleModules } from './bundle-modules.ts';
import { root, run } from './run.ts';

/** The manifest of a package in the repository. */
interface SourceManifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly files: readonly string[];
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  /** If the package is built: what is bundled into its files. */
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
}

/** Reads the manifest of the package in a folder. */
export function readManifest(folder: string) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

/** `./src/node/index.ts` → the compiled file and its types. Other files are published unchanged. */
function published(source: string): string | Readonly<Record<string, string>> {
  if (!source.startsWith('./src/')) return source;
  const stem = source.replace('./src/', './dist/').replace(/\.ts$/, '');
  return { types: `${stem}.d.ts`, default: `${stem}.js` };
}

/**
 * Adds to the command the Node packages that this repository pins, for machines whose Node is too old; npm installs the
 * one for the platform. For this reason there is no `engines`.
 */
function publishedManifest({
  exports,
  files,
  devDependencies: _,
  scripts: __,
  ...rest
}: SourceManifest): Record<string, unknown> {
  return {
    ...rest,
    exports: Object.fromEntries(Object.entries(exports).map(([entry, file]) => [entry, published(file)])),
    files: [...files, 'README.md'],
    ...(rest.bin && { optionalDependencies: readManifest(root).optionalDependencies }),
    repository: { type: 'git', directory: packageFolder(rest.name.split('/')[1] ?? '') },
  };
}

/**
 * Writes the types of packages to `folder`, in the layout of the repository. One compiler run for all packages takes a
 * tenth of the time of separate runs, because shared imports are read once.
 */
export function declarePackages(names: readonly string[], folder: string): void {
  mkdirSync(folder, { recursive: true });
  const typed = names.filter((name) => !isBuilt(readManifest(join(root, packageFolder(name)))));
  if (typed.length === 0) return;
  const project = join(folder, 'tsconfig.json');
  writeFileSync(
    project,
    JSON.stringify({
      extends: join(root, 'tsconfig.json'),
      // `npm run check` has checked the types; checking again takes six times as long as compiling.
      compilerOptions: {
        noEmit: false,
        noCheck: true,
        declaration: true,
        emitDeclarationOnly: true,
        rootDir: root,
        outDir: folder,
        typeRoots: [join(root, 'node_modules/@types')],
      },
      include: typed.map((name) => join(root, packageFolder(name), 'src')),
      exclude: typed.map((name) => join(root, packageFolder(name), 'src/**/*.test.ts')),
    }),
  );
  run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', project], root);
}

/** Builds the `dist` folder of a package from its sources: modules, their types, and other files. */
async function compilePackage(manifest: SourceManifest, source: string, types: string, folder: string): Promise<void> {
  cpSync(join(types, 'src'), join(folder, 'dist'), { recursive: true });
  for (const asset of globSync('**/*.{html,css,js,svg,msg,srv,action,yaml}', { cwd: join(source, 'src') })) {
    cpSync(join(source, 'src', asset), join(folder, 'dist', asset));
  }
  await bundleModules({
    source: join(source, 'src'),
    entries: Object.values(manifest.exports).map((file) => file.replace('./src/', '')),
    target: join(folder, 'dist'),
  });
}

/** Lays out one package in `folder` as it is published, with types from `typesFolder`. */
export async function stagePackage(name: string, typesFolder: string, folder: string): Promise<void> {
  const source = join(root, packageFolder(name));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const manifest: SourceManifest = readManifest(source);
  const compiled = isBuilt(manifest) ? undefined : 'dist';
  if (compiled) await compilePackage(manifest, source, join(typesFolder, packageFolder(name)), folder);
  for (const name of manifest.files.filter((file) => file !== compiled)) {
    const filter = (path: string) => !path.endsWith('__pycache__');
    cpSync(join(source, name), join(folder, name), { recursive: true, filter });
  }
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(publishedManifest(manifest), null, 2)}\n`);
  writeFileSync(join(folder, 'README.md'), `# ${manifest.name}\n\n${manifest.description}\n`);
  cpSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
}
