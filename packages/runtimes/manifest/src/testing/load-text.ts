import { MemoryFiles } from '@medkit/edges/testing';
import { findingText } from '../document/finding.ts';
import { type LoadedManifest, loadManifest } from '../load/load-manifest.ts';

export interface TestFiles {
  /** `manifest_version` is prepended if it is missing. */
  readonly manifest: string;
  readonly fragments?: Readonly<Record<string, string>>;
  readonly inventory?: string;
  readonly strict?: boolean;
}

export const PATHS = { manifest: '/etc/robot.yaml', fragmentsFolder: '/etc/fragments', inventory: '/etc/assets.csv' };

/** Creates the files of a manifest in memory, at the paths of `PATHS`. */
export function manifestFiles({ manifest, fragments = {}, inventory }: TestFiles): MemoryFiles {
  const version = manifest.includes('manifest_version') ? '' : 'manifest_version: "1.0"\n';
  return new MemoryFiles({
    [PATHS.manifest]: version + manifest,
    ...Object.fromEntries(Object.entries(fragments).map(([name, text]) => [`${PATHS.fragmentsFolder}/${name}`, text])),
    ...(inventory !== undefined && { [PATHS.inventory]: inventory }),
  });
}

/** Loads the manifest in these files. */
export function loadText(files: TestFiles | string): Promise<LoadedManifest> {
  const content = typeof files === 'string' ? { manifest: files } : files;
  const paths = { ...PATHS, inventory: content.inventory === undefined ? '' : PATHS.inventory };
  return loadManifest({ files: manifestFiles(content), paths, strict: content.strict ?? true });
}

/** Returns the findings as `R006 /etc/robot.yaml:4`; only the rules if `places` is false. */
export function rulesOf({ findings }: LoadedManifest, places = true): readonly string[] {
  return findings.map(({ rule, at }) => (places ? `${rule} ${at}` : rule));
}

/** Returns all findings as text, one per line. */
export function textOf({ findings }: LoadedManifest): string {
  return findings.map(findingText).join('\n');
}
