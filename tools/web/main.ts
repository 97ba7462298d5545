import { join } from 'node:path';
import { buildPages } from './pages.ts';

/** Builds the pages that gateways serve, where they are not what their sources say: `npm run web`, and before `npm start`. */
try {
  buildPages(join(import.meta.dirname, '..', '..'));
} catch (error) {
  console.error(`medkit: ${(error as Error).message}`);
  process.exitCode = 1;
}
