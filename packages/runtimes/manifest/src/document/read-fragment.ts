import { type Finding, finding } from './finding.ts';
import { type Declarations, MANIFEST_VERSION, NO_DECLARATIONS } from './manifest.ts';
import { readApps } from './read-apps.ts';
import { readComponents } from './read-components.ts';
import { readFunctions } from './read-functions.ts';
import { readRoot, wrongVersion } from './read-manifest.ts';
import { Section } from './section.ts';

/** Sections that are only allowed in the main manifest, even if empty. */
const FORBIDDEN = ['areas', 'metadata', 'scripts', 'topics', 'capabilities', 'lock_overrides', 'config', 'discovery'];

/** Reads a fragment: apps, components and functions that another package adds to a manifest. */
export function readFragment(
  text: string,
  file: string,
): { readonly declared: Declarations; readonly findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const root = readRoot(text, file, 'FRAGMENT_PARSE', findings);
  if (!root) return { declared: NO_DECLARATIONS, findings };
  for (const { name, at } of root.entries) {
    if (!FORBIDDEN.includes(name)) continue;
    findings.push(finding('FRAGMENT_FORBIDDEN_FIELD', at, `${name}: allowed only in the manifest, not in a fragment`));
  }
  const top = new Section(root, '', findings, 'FRAGMENT_PARSE');
  top.pass(...FORBIDDEN);
  const version = top.text('manifest_version');
  if (version !== undefined && version !== MANIFEST_VERSION) {
    findings.push(wrongVersion(top.place('manifest_version'), version));
  }
  const declared: Declarations = {
    ...NO_DECLARATIONS,
    components: readComponents(top.sections('components')),
    apps: readApps(top.sections('apps')),
    functions: readFunctions(top.sections('functions')),
  };
  top.finish();
  return { declared, findings };
}
