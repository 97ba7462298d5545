import { brotliCompressSync, gzipSync } from 'node:zlib';
import { MemoryFiles } from '@medkit/edges/testing';

/** Folder of the built pages in tests. */
export const PAGES_FOLDER = '/pages/dist';
export const PAGE_SCRIPT = 'console.log("medkit");\n'.repeat(200);
export const PAGE_INDEX =
  '<!DOCTYPE html><title>medkit</title><script type="module" src="/assets/index-1a2b.js"></script>';
export const PAGE_STYLE = 'a { color: red; }';

/** Built pages: a document, its assets and compressed copies, with files beside them that must not be served. */
export function builtPages(): MemoryFiles {
  const files = new MemoryFiles({
    [`${PAGES_FOLDER}/index.html`]: PAGE_INDEX,
    [`${PAGES_FOLDER}/assets/index-1a2b.js`]: PAGE_SCRIPT,
    [`${PAGES_FOLDER}/assets/index-3c4d.css`]: PAGE_STYLE,
    [`${PAGES_FOLDER}/assets/medkit-5e6f.svg`]: '<svg xmlns="http://www.w3.org/2000/svg"/>',
    [`${PAGES_FOLDER}/assets/notes.txt`]: 'hidden: of no type that pages have',
    [`${PAGES_FOLDER}/assets/deeper/hidden.js`]: 'hidden',
    '/pages/secret.js': 'hidden',
  });
  files.contents.set(`${PAGES_FOLDER}/assets/index-1a2b.js.br`, brotliCompressSync(PAGE_SCRIPT));
  files.contents.set(`${PAGES_FOLDER}/assets/index-1a2b.js.gz`, gzipSync(PAGE_SCRIPT));
  return files;
}
