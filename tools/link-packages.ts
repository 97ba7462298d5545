import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { PACKAGE_FOLDERS } from './layers/package-folders.ts';

/**
 * Links workspace packages that were added since the last installation, as `npm install` would. They have no further
 * dependencies to install.
 */
export function linkPackages(root: string): void {
  const scope = join(root, 'node_modules', '@medkit');
  if (!existsSync(scope)) return;
  for (const [name, folder] of PACKAGE_FOLDERS) {
    const link = join(scope, name);
    if (existsSync(link)) continue;
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(relative(scope, join(root, folder)), link);
  }
}
