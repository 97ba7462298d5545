import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of the web UI: in the installed package, or where `npm run web` builds it in the repository. */
export function pagesFolder(): string {
  return dirname(fileURLToPath(import.meta.resolve('@medkit/web/index.html')));
}
