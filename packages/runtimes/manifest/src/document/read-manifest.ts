import { DocumentRefused, type LocatedMap, readYaml } from '@medkit/documents';
import { type Finding, finding } from './finding.ts';
import {
  DEFAULT_MANIFEST_CONFIG,
  type Declarations,
  MANIFEST_VERSION,
  type ManifestConfig,
  type ManifestMetadata,
  NO_DECLARATIONS,
} from './manifest.ts';
import { omitEmpty } from './omit-empty.ts';
import { readApps } from './read-apps.ts';
import { readAreas } from './read-areas.ts';
import { readAssets } from './read-assets.ts';
import { readChannels } from './read-channels.ts';
import { readComponents } from './read-components.ts';
import { readConfig } from './read-config.ts';
import { readFunctions } from './read-functions.ts';
import { readScripts } from './read-scripts.ts';
import type { RuleId } from './rules.ts';
import { Section } from './section.ts';

/** The content of one file, with its findings. */
export interface ManifestReading {
  readonly metadata: ManifestMetadata;
  readonly config: ManifestConfig;
  readonly declared: Declarations;
  readonly findings: readonly Finding[];
}

/** Reads a manifest and checks its syntax; references between its parts are validated later. */
export function readManifest(text: string, file: string): ManifestReading {
  const findings: Finding[] = [];
  const root = readRoot(text, file, 'LOAD', findings);
  if (!root) return { metadata: {}, config: DEFAULT_MANIFEST_CONFIG, declared: NO_DECLARATIONS, findings };
  const top = new Section(root, '', findings);
  const version = top.text('manifest_version');
  if (version !== MANIFEST_VERSION) findings.push(wrongVersion(top.place('manifest_version'), version));
  const config = readConfig(root, findings);
  // Capabilities are derived from the running system, so the ids below `capabilities` are ignored.
  top.pass('config', 'discovery', 'capabilities');
  const declared: Declarations = {
    areas: readAreas(top.sections('areas')),
    components: [...readComponents(top.sections('components')), ...readAssets(top.sections('assets'))],
    apps: readApps(top.sections('apps')),
    functions: readFunctions(top.sections('functions')),
    scripts: readScripts(top.sections('scripts'), file),
    channels: readChannels(top.section('topics')),
  };
  const metadata = readMetadata(top.section('metadata'));
  top.finish();
  return { metadata, config, declared, findings };
}

/** Returns the top level of a YAML document. If it is invalid, adds a finding and returns `undefined`. */
export function readRoot(text: string, file: string, rule: RuleId, findings: Finding[]): LocatedMap | undefined {
  try {
    const root = readYaml(text, file);
    if (root.kind === 'map') return root;
    findings.push(finding(rule, root.at, 'expected sections such as "apps:"'));
  } catch (error) {
    if (!(error instanceof DocumentRefused)) throw error;
    for (const line of error.lines) findings.push(refusedLine(rule, line, file));
  }
  return undefined;
}

export function wrongVersion(at: string, version: string | undefined): Finding {
  const found = version === undefined ? 'found none' : `found "${version}"`;
  return finding('R001', at, `manifest_version: expected "${MANIFEST_VERSION}", ${found}`);
}

/** Splits `robot.yaml:12: …` into location and message. */
function refusedLine(rule: RuleId, line: string, file: string): Finding {
  const rest = line.startsWith(file) ? line.slice(file.length) : '';
  const [, number, message] = /^(?::(\d+))?: ([\s\S]*)$/.exec(rest) ?? [];
  return finding(rule, number === undefined ? file : `${file}:${number}`, message ?? line);
}

function readMetadata(section: Section | undefined): ManifestMetadata {
  if (!section) return {};
  const metadata = omitEmpty({
    name: section.text('name'),
    description: section.text('description'),
    version: section.text('version'),
    createdAt: section.text('created_at'),
  });
  section.finish();
  return metadata;
}
