import { createHash } from 'node:crypto';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.ts';

/**
 * Writes `medkit-<version>.cdx.json` to `build`: the bill of materials of the command in `folder`, with version and
 * licence of each package, in CycloneDX 1.5 as printed by `npm sbom`.
 */
export function writeBillOfMaterials(folder: string, build: string, version: string): void {
  const bill = run('npm', ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application'], folder);
  writeFileSync(join(build, `medkit-${version}.cdx.json`), bill);
}

/** Writes `SHA256SUMS` to `build`, for `sha256sum --check`: every tarball and the bill of materials. */
export function writeChecksums(build: string): void {
  const lines = globSync(['medkit-*.{tgz,cdx.json}', 'tarballs/*.tgz'], { cwd: build })
    .sort()
    .map(
      (name) =>
        `${createHash('sha256')
          .update(readFileSync(join(build, name)))
          .digest('hex')}  ${name}\n`,
    );
  writeFileSync(join(build, 'SHA256SUMS'), lines.join(''));
}
