import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from '../layers/package-folders.ts';
import { joinModules } from './joined-modules.ts';
import { root, run } from './run.ts';

/** The manifest of a package as it is in the repository. */
interface SourceManifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly files: readonly string[];
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** The manifest of the package in a folder. */
export function readManifest(folder: string) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

/** `./src/node/index.ts` → the compiled file and its types. */
function compiled(source: string): Readonly<Record<string, string>> {
  const stem = source.replace('./src/', './dist/').replace(/\.ts$/, '');
  return { types: `${stem}.d.ts`, default: `${stem}.js` };
}

/**
 * The command gets the Nodes that this repository pins for itself, for those whose own is too old: npm installs the one of the
 * machine. So there are no `engines`.
 */
function publishedManifest({ exports, files, ...rest }: SourceManifest): Record<string, unknown> {
  return {
    ...rest,
    exports: Object.fromEntries(Object.entries(exports).map(([entry, file]) => [entry, compiled(file)])),
    files: [...files, 'README.md'],
    ...(rest.bin && { optionalDependencies: readManifest(root).optionalDependencies }),
    repository: { type: 'git', directory: packageFolder(rest.name.split('/')[1] ?? '') },
  };
}

/**
 * Writes the types of packages into `folder`, where each lies as in the repository. All at once: what they import of each
 * other is read once, which takes a tenth of the time that they take one after the other.
 */
export function declarePackages(names: readonly string[], folder: string): void {
  mkdirSync(folder, { recursive: true });
  const project = join(folder, 'tsconfig.json');
  writeFileSync(
    project,
    JSON.stringify({
      extends: join(root, 'tsconfig.json'),
      // `npm run check` judges the types; to do it again takes six times as long as to compile.
      compilerOptions: {
        noEmit: false,
        noCheck: true,
        declaration: true,
        emitDeclarationOnly: true,
        rootDir: root,
        outDir: folder,
        typeRoots: [join(root, 'node_modules/@types')],
      },
      include: names.map((name) => join(root, packageFolder(name), 'src')),
      exclude: names.map((name) => join(root, packageFolder(name), 'src/**/*.test.ts')),
    }),
  );
  run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', project], root);
}

/** Lays out one package in `folder` as it is published, with the types that were written into another. */
export async function stagePackage(name: string, typesFolder: string, folder: string): Promise<void> {
  const source = join(root, packageFolder(name));
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(typesFolder, packageFolder(name), 'src'), join(folder, 'dist'), { recursive: true });
  for (const asset of globSync('**/*.{html,css,js,svg,msg,srv,action,yaml}', { cwd: join(source, 'src') })) {
    cpSync(join(source, 'src', asset), join(folder, 'dist', asset));
  }
  const manifest: SourceManifest = readManifest(source);
  await joinModules({
    source: join(source, 'src'),
    entries: Object.values(manifest.exports).map((file) => file.replace('./src/', '')),
    target: join(folder, 'dist'),
  });
  for (const name of manifest.files.filter((file) => file !== 'dist')) {
    const filter = (path: string) => !path.endsWith('__pycache__');
    cpSync(join(source, name), join(folder, name), { recursive: true, filter });
  }
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(publishedManifest(manifest), null, 2)}\n`);
  writeFileSync(join(folder, 'README.md'), `# ${manifest.name}\n\n${manifest.description}\n`);
  cpSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
}
