import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the pages for browsers are: in the package that was installed, or where `npm run web` builds them in the repository. */
export function pagesFolder(): string {
  return dirname(fileURLToPath(import.meta.resolve('@medkit/web/index.html')));
}
