import { globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { build, type Plugin } from 'esbuild';

/**
 * Modules that are loaded by their address: main modules of threads and processes, and modules loaded within a
 * synchronous call.
 */
const ADDRESSED = '**/{main,*-main,type-box-checks}.ts';
/** Third-party modules that are bundled as well: these two have 235 files, and no state that other packages share. */
const BUNDLED = /^typebox\/(?:schema|system)$/;

export interface BundleOptions {
  /** The sources of a package. */
  readonly source: string;
  /** Modules that other packages import, relative to `source`. */
  readonly entries: readonly string[];
  /** Target of the files: the `dist` folder of the package as published. */
  readonly target: string;
}

/**
 * Compiles a package into few files: modules that are loaded together are one file, modules loaded on first use
 * another. Finding, reading, linking and storing a thousand modules takes two fifths of the start time, and 14 MB.
 * Packages other than `BUNDLED` stay external, so that a plugin shares classes with the gateway. The text of a module
 * stays in memory; without indentation it is 2 MB smaller. Names are preserved, and source maps lie next to the files;
 * Node reads them if asked to.
 */
export async function bundleModules({ source, entries, target }: BundleOptions): Promise<void> {
  await build({
    entryPoints: [...new Set([...entries, ...globSync(ADDRESSED, { cwd: source })])].map((entry) =>
      join(source, entry),
    ),
    outbase: source,
    outdir: target,
    bundle: true,
    splitting: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node24',
    sourcemap: 'linked',
    sourcesContent: false,
    minifyWhitespace: true,
    legalComments: 'inline',
    logLevel: 'warning',
    plugins: [keepAddresses(source), joinPackages],
  });
}

const joinPackages: Plugin = {
  name: 'join-packages',
  setup: ({ onResolve }) => {
    onResolve({ filter: BUNDLED }, ({ path, resolveDir }) => ({
      path: createRequire(join(resolveDir, 'module.js')).resolve(path),
    }));
  },
};

/**
 * Preserves `import.meta.url` of a module: its address is where it would be compiled to separately, whichever file it
 * is bundled into.
 */
function keepAddresses(source: string): Plugin {
  return {
    name: 'keep-addresses',
    setup: ({ onLoad }) => {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const contents = readFileSync(path, 'utf8');
        if (!contents.includes('import.meta.url')) return undefined;
        const place = join('dist', relative(source, path)).replace(/\.ts$/, '.js');
        const opening = [
          "import { findPackageJSON as packageFile } from 'node:module';",
          "import { pathToFileURL as toUrl } from 'node:url';",
          `const compiledAddress = new URL(${JSON.stringify(place)}, toUrl(packageFile(import.meta.url))).href;`,
        ].join(' ');
        // Prepended to the first line, so that line numbers stay the same.
        const module = `${opening} ${contents.replaceAll('import.meta.url', 'compiledAddress')}`;
        return { contents: module, loader: 'ts' };
      });
    },
  };
}
