import { readFileSync } from 'node:fs';

/** The version of this package. */
export function medkitVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return manifest.version;
}
