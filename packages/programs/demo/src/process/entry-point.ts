import { fileURLToPath } from 'node:url';

/** The program of the demo's processes: TypeScript in the repository, JavaScript in the published package. */
export const entryPoint = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../main.ts' : '../main.js', import.meta.url),
);
