import { join } from 'node:path';
import { buildPages } from './pages.ts';

/** Builds the web pages of the gateway if they are outdated: `npm run web`, and before `npm start`. */
try {
  buildPages(join(import.meta.dirname, '..', '..'));
} catch (error) {
  console.error(`medkit: ${(error as Error).message}`);
  process.exitCode = 1;
}
