import { entryOf, type LocatedEntry, type LocatedMap, parseYamlBoolean } from '@medkit/documents';
import { type Finding, finding } from './finding.ts';
import { DEFAULT_MANIFEST_CONFIG, type ManifestConfig, UNMANIFESTED_POLICIES } from './manifest.ts';

/** Current and former name of the block. */
const CONFIG = 'config';
const OLD_CONFIG = 'discovery';
const KEYS = ['unmanifested_nodes', 'inherit_runtime_resources', 'allow_manifest_override'];

/**
 * Reads how the manifest is merged with the running system. An invalid block never causes the manifest to be refused.
 */
export function readConfig(root: LocatedMap, findings: Finding[]): ManifestConfig {
  const block = chosenBlock(root, findings);
  if (!block) return DEFAULT_MANIFEST_CONFIG;
  if (block.value.kind !== 'map') {
    findings.push(finding('R015', block.at, `${block.name}: expected a section; it is ignored and the defaults apply`));
    return DEFAULT_MANIFEST_CONFIG;
  }
  for (const { name, at } of block.value.entries) {
    if (!KEYS.includes(name)) findings.push(finding('M001', at, `${block.name}.${name}: no such key`));
  }
  const defaults = DEFAULT_MANIFEST_CONFIG;
  const settings = { map: block.value, block: block.name, findings };
  return {
    unmanifestedNodes: policyIn(settings),
    inheritRuntimeResources: flagIn(settings, 'inherit_runtime_resources', defaults.inheritRuntimeResources),
    allowManifestOverride: flagIn(settings, 'allow_manifest_override', defaults.allowManifestOverride),
  };
}

/** Returns the block to use: `config` if it has a value, even an empty or malformed one; otherwise `discovery`. */
function chosenBlock(root: LocatedMap, findings: Finding[]): LocatedEntry | undefined {
  const populatedEntry = (name: string) =>
    root.entries.find((entry) => entry.name === name && !(entry.value.kind === 'value' && entry.value.value === null));
  const [current, old] = [populatedEntry(CONFIG), populatedEntry(OLD_CONFIG)];
  if (current && old && isPopulated(current) && isPopulated(old)) {
    findings.push(
      finding('M009', old.at, `${OLD_CONFIG} is the old name of ${CONFIG}: it is ignored, because ${CONFIG} exists`),
    );
  } else if (!current && old) {
    findings.push(finding('M009', old.at, `${OLD_CONFIG} is the old name of ${CONFIG}: rename it`));
  }
  return current ?? old;
}

function isPopulated({ value }: LocatedEntry): boolean {
  return value.kind !== 'map' || value.entries.length > 0;
}

interface Settings {
  readonly map: LocatedMap;
  readonly block: string;
  readonly findings: Finding[];
}

function policyIn({ map, block, findings }: Settings): ManifestConfig['unmanifestedNodes'] {
  const { unmanifestedNodes: fallback } = DEFAULT_MANIFEST_CONFIG;
  const value = entryOf(map, 'unmanifested_nodes');
  if (!value || (value.kind === 'value' && (value.value === null || value.text === ''))) return fallback;
  const where = `${block}.unmanifested_nodes`;
  if (value.kind !== 'value') {
    findings.push(finding('R015', value.at, `${where}: expected a single word; "${fallback}" applies`));
    return fallback;
  }
  const policy = UNMANIFESTED_POLICIES.find((word) => word === value.text);
  if (policy) return policy;
  const message = `${where}: "${value.text}" is not one of ${UNMANIFESTED_POLICIES.join(', ')} (lower-case); "${fallback}" applies`;
  findings.push(finding('R014', value.at, message));
  return fallback;
}

function flagIn({ map, block, findings }: Settings, key: string, fallback: boolean): boolean {
  const value = entryOf(map, key);
  if (!value || (value.kind === 'value' && value.value === null)) return fallback;
  const flag = value.kind === 'value' && !value.isQuoted ? parseYamlBoolean(value.text) : undefined;
  if (flag !== undefined) return flag;
  findings.push(finding('R015', value.at, `${block}.${key}: expected true or false; ${fallback} applies`));
  return fallback;
}
