import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

const dist = join(import.meta.dirname, 'dist');
/** A shorter file saves next to nothing. */
const MIN_COMPRESSED_BYTES = 512;

/** Puts compressed copies beside what was built: a gateway on a robot sends them as they are and spends nothing on it. */
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

/** A package whose code a worker bundles. */
interface Bundled {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly text: string;
}

const ofWorkers = new Map<string, Bundled>();

/** The package that a module of `node_modules` is of; `undefined` for our own. */
function packageOf(module: string): Bundled | undefined {
  const [, folder] = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(module) ?? [];
  if (folder === undefined) return undefined;
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  return { name, version, license, text: file === undefined ? '' : readFileSync(join(folder, file), 'utf8') };
}

/** Notes whose code a worker bundles: Vite builds each on its own, and leaves it out of the licences. */
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

/** Puts the licences of what workers alone bundle below the others. */
function licensesOfWorkers(): Plugin {
  return {
    name: 'licenses-of-workers',
    apply: 'build',
    writeBundle() {
      const path = join(dist, LICENSES);
      const told = readFileSync(path, 'utf8');
      const missing = [...ofWorkers.values()].filter(({ name }) => !told.includes(`\n## ${name} - `));
      for (const { name, version, license, text } of missing.sort((one, other) => one.name.localeCompare(other.name)))
        appendFileSync(path, `\n## ${name} - ${version} (${license})\n\n${text.trim()}\n`);
    },
  };
}

/** The order of the layers of styles, as `themes/base.css` has it. */
const LAYERS = '@layer base,parts,states;';

/** Puts the order of layers in front of every style sheet: the first that a browser reads decides, and which that is depends on the page. */
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

/** The gateway that the development server asks: `npm run dev -w @medkit/web` shows what is written as soon as it is. */
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
      // The overview for programs; a browser gets the page.
      '^/$': {
        target: gateway,
        bypass: ({ url, headers }) => (headers.accept?.includes('text/html') ? url : undefined),
      },
    },
  },
  // Whatever the page loads is a file of its own: the policy of the page allows no `data:` script and no inline one.
  build: {
    target: 'es2022',
    // The first that know `light-dark()`.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // Whose code is bundled, as their licences ask.
    license: { fileName: LICENSES },
    // Which file is loaded with which: sizes are held by a test.
    manifest: true,
    rolldownOptions: {
      // `use client` is for servers that draw pages: nothing here does.
      onwarn: (warning, warn) => warning.code === 'MODULE_LEVEL_DIRECTIVE' || warn(warning),
    },
  },
  worker: { format: 'es', plugins: () => [packagesOfWorker()] },
}));
