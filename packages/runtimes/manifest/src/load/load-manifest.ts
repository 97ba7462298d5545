import { type Finding, finding, isRefused } from '../document/finding.ts';
import { type Declarations, type Declared, type Manifest, mergeDeclarations } from '../document/manifest.ts';
import { readFragment } from '../document/read-fragment.ts';
import { readManifest } from '../document/read-manifest.ts';
import type { RuleId } from '../document/rules.ts';
import { addInventory } from '../inventory/add-inventory.ts';
import { readInventory } from '../inventory/read-inventory.ts';
import { validate } from '../validation/validate.ts';
import { fragmentFiles, MAX_FILE_BYTES, type ManifestFiles, type ManifestPaths } from './manifest-files.ts';

export interface LoadOptions {
  readonly files: ManifestFiles;
  readonly paths: ManifestPaths;
  /** `discovery.manifest_strict_validation`: warnings also refuse the manifest. */
  readonly strict: boolean;
}

/** Result of reading a manifest with its fragments and inventory. */
export interface LoadedManifest {
  /** Absent if refused: a manifest is accepted completely or not at all. */
  readonly manifest?: Manifest;
  readonly findings: readonly Finding[];
}

/** Reads and validates all files of a manifest. Never rejects: an unreadable file is a finding. */
export async function loadManifest({ files, paths, strict }: LoadOptions): Promise<LoadedManifest> {
  const findings: Finding[] = [];
  const found = <Reading extends { readonly findings: readonly Finding[] }>(reading: Reading): Reading => {
    findings.push(...reading.findings);
    return reading;
  };
  const text = await readBounded(files, paths.manifest, 'LOAD', findings);
  if (text === undefined) return { findings };
  const { metadata, config, declared: main } = found(readManifest(text, paths.manifest));
  const fragments = found(await readFragments(files, paths.fragmentsFolder));
  const together = mergeDeclarations([main, ...fragments.declared]);
  const { assets } = found(await readAssetTable(files, paths.inventory));
  const { declared } = found(addInventory(together, assets));
  findings.push(...validate(declared));
  if (isRefused(findings, strict)) return { findings };
  return { manifest: { metadata, config, ...contentOf(declared) }, findings };
}

/** Returns the text of a file. If it cannot be read, adds a finding and returns `undefined`. */
async function readBounded(
  files: ManifestFiles,
  path: string,
  rule: RuleId,
  findings: Finding[],
): Promise<string | undefined> {
  try {
    const state = await files.stateOf(path);
    if (!state?.isFile) findings.push(finding(rule, path, 'the file does not exist'));
    else if (state.bytes > MAX_FILE_BYTES)
      findings.push(finding(rule, path, `the file has more than ${MAX_FILE_BYTES} bytes`));
    else return await files.readText(path);
  } catch (error) {
    findings.push(finding(rule, path, `cannot read it: ${(error as Error).message}`));
  }
  return undefined;
}

async function readFragments(files: ManifestFiles, folder: string) {
  const findings: Finding[] = [];
  const declared: Declarations[] = [];
  try {
    for (const { path, skipped } of await fragmentFiles(files, folder)) {
      if (skipped !== undefined) {
        findings.push(finding('FRAGMENT_SKIPPED', path, `${skipped}; it is ignored`));
        continue;
      }
      const text = await readBounded(files, path, 'FRAGMENT_PARSE', findings);
      if (text === undefined) continue;
      const reading = readFragment(text, path);
      declared.push(reading.declared);
      findings.push(...reading.findings);
    }
  } catch (error) {
    findings.push(finding('FRAGMENT_PARSE', folder, `cannot read it: ${(error as Error).message}`));
  }
  return { declared, findings };
}

async function readAssetTable(files: ManifestFiles, path: string) {
  const none: readonly Declared<never>[] = [];
  const findings: Finding[] = [];
  if (path === '') return { assets: none, findings };
  const missing = await files.stateOf(path).then(
    (state) => state === undefined,
    () => false,
  );
  if (missing) {
    findings.push(finding('INVENTORY_ROW', path, 'the inventory does not exist; the manifest is loaded without it'));
    return { assets: none, findings };
  }
  const text = await readBounded(files, path, 'INVENTORY_CSV', findings);
  return text === undefined ? { assets: none, findings } : readInventory(text, path);
}

function contentOf(declared: Declarations): Pick<Manifest, 'channels' | 'entities' | 'scripts'> {
  const values = <T>(all: readonly Declared<T>[]): readonly T[] => all.map(({ value }) => value);
  return {
    entities: {
      areas: values(declared.areas),
      components: values(declared.components),
      apps: values(declared.apps),
      functions: values(declared.functions),
    },
    scripts: values(declared.scripts),
    channels: new Map(values(declared.channels)),
  };
}
