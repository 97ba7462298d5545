import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

const dist = join(import.meta.dirname, 'dist');
/** Minimum size for compression; smaller files save almost nothing. */
const MIN_COMPRESSED_BYTES = 512;

/** Writes compressed copies next to the built files, so that the gateway can send them without compressing. */
function compressedCopies(): Plugin {
  return {
    name: 'compressed-copies',
    apply: 'build',
    writeBundle() {
      for (const name of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
        if (!/\.(?:js|css|html|svg)$/.test(name)) continue;
        const path = join(dist, name);
        const octets = readFileSync(path);
        if (octets.length < MIN_COMPRESSED_BYTES) continue;
        writeFileSync(`${path}.gz`, gzipSync(octets, { level: 9 }));
        writeFileSync(`${path}.br`, brotliCompressSync(octets, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
      }
    },
  };
}

/** A package whose code is bundled into a worker. */
interface Bundled {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly text: string;
}

const ofWorkers = new Map<string, Bundled>();

/** Returns the package of a module in `node_modules`, or `undefined` for other modules. */
function packageOf(module: string): Bundled | undefined {
  const [, folder] = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(module) ?? [];
  if (folder === undefined) return undefined;
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  return { name, version, license, text: file === undefined ? '' : readFileSync(join(folder, file), 'utf8') };
}

/** Records the packages bundled into workers: Vite builds each worker separately and omits it from the licences. */
function packagesOfWorker(): Plugin {
  return {
    name: 'packages-of-worker',
    apply: 'build',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        for (const module of file.type === 'chunk' ? Object.keys(file.modules) : []) {
          const bundled = packageOf(module);
          if (bundled) ofWorkers.set(bundled.name, bundled);
        }
      }
    },
  };
}

const LICENSES = 'licenses.md';

/** Appends the licences of packages that only workers bundle. */
function licensesOfWorkers(): Plugin {
  return {
    name: 'licenses-of-workers',
    apply: 'build',
    writeBundle() {
      const path = join(dist, LICENSES);
      const licenses = readFileSync(path, 'utf8');
      const missing = [...ofWorkers.values()].filter(({ name }) => !licenses.includes(`\n## ${name} - `));
      for (const { name, version, license, text } of missing.sort((one, other) => one.name.localeCompare(other.name)))
        appendFileSync(path, `\n## ${name} - ${version} (${license})\n\n${text.trim()}\n`);
    },
  };
}

/** Order of the style layers, as in `themes/base.css`. */
const LAYERS = '@layer base,parts,states;';

/**
 * Prepends the layer order to every style sheet: the first sheet that a browser loads decides, and that depends on the
 * page.
 */
function layersInOrder(): Plugin {
  return {
    name: 'layers-in-order',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        for (const file of Object.values(bundle)) {
          if (file.type === 'asset' && file.fileName.endsWith('.css')) file.source = `${LAYERS}${file.source}`;
        }
      },
    },
  };
}

/**
 * Modules that share a file. The first page needs all of the shell; small parts of several pages are one file. Otherwise the first page loads 40 small files.
 */
const CHUNKS = [
  {
    name: 'shell',
    test: /\/node_modules\/(?:react|react-dom|scheduler|@tanstack)\/|\/web\/src\/(?:app|gateway|heading|keys|live|regions|routes|search|texts(?!.de)|themes|time)\//,
    priority: 2,
  },
  {
    name: 'shared',
    test: /\/web\/src\/(?:controls|incidents|values)\/|\/entities\/(?:use-|freshness|blocking)|\/lucide-react\//,
    minShareCount: 3,
    priority: 1,
  },
];

/** The gateway used by the development server: `npm run dev -w @medkit/web` shows changes immediately. */
const gateway = process.env['MEDKIT_URL'] ?? 'http://127.0.0.1:8080';

export default defineConfig(({ command }) => ({
  // Addresses in the built document are relative to its `base` element, which the gateway adjusts to the path of a proxy.
  base: command === 'build' ? './' : '/',
  root: import.meta.dirname,
  plugins: [layersInOrder(), compressedCopies(), licensesOfWorkers()],
  server: {
    host: '127.0.0.1',
    proxy: {
      '/api': { target: gateway, changeOrigin: true, headers: { origin: gateway } },
      // `/` serves the JSON overview to programs and the page to browsers.
      '^/$': {
        target: gateway,
        bypass: ({ url, headers }) => (headers.accept?.includes('text/html') ? url : undefined),
      },
    },
  },
  // Everything the page loads is a separate file: its content security policy permits neither `data:` nor inline
  // scripts.
  build: {
    target: 'es2022',
    // The first versions that support `light-dark()`.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // Lists the bundled packages, as their licences require.
    license: { fileName: LICENSES },
    // The dependencies between the files; a test uses them to check the sizes.
    manifest: true,
    rolldownOptions: {
      // `use client` only matters for server rendering, which is not used here.
      output: { codeSplitting: { groups: CHUNKS } },
      onwarn: (warning, warn) => warning.code === 'MODULE_LEVEL_DIRECTIVE' || warn(warning),
    },
  },
  worker: { format: 'es', plugins: () => [packagesOfWorker()] },
}));
