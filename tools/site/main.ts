import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildSite } from './build-site.ts';

/** Writes the documentation site to `build/site`, to be opened there or served unchanged. */
const root = join(import.meta.dirname, '..', '..');
const folder = join(root, 'build', 'site');
const files = buildSite(root);
rmSync(folder, { recursive: true, force: true });
for (const [address, content] of files) {
  mkdirSync(dirname(join(folder, address)), { recursive: true });
  writeFileSync(join(folder, address), content);
}
console.log(`wrote ${files.size} files: open ${join(folder, 'index.html')}`);
