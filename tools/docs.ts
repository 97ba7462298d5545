import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GENERATED, render } from './documents/generated.ts';

/**
 * Writes the documents that are generated from the code. The tests in `tools/documents` check that they are up to date.
 */
for (const document of GENERATED) {
  const file = join(import.meta.dirname, '..', document.path);
  const present = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const text = await render(document, present);
  if (text === present) continue;
  writeFileSync(file, text);
  console.log(`wrote ${document.path}`);
}
