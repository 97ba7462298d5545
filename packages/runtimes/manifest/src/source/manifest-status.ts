import { countFindings, type Finding } from '../document/finding.ts';
import { MANIFEST_VERSION, type Manifest } from '../document/manifest.ts';

/** Status of a manifest, shown as `x-medkit-manifest` in `/health`. */
export function manifestStatus(
  manifest: Manifest | undefined,
  {
    path,
    findings,
    reloads,
  }: { readonly path: string; readonly findings: readonly Finding[]; readonly reloads: number },
): Readonly<Record<string, unknown>> {
  const { errors, warnings } = countFindings(findings);
  const { areas, components, apps, functions } = manifest?.entities ?? {};
  const { name, version, description } = manifest?.metadata ?? {};
  return {
    active: manifest !== undefined,
    path,
    manifest_version: MANIFEST_VERSION,
    metadata: { ...(name && { name }), ...(version && { version }), ...(description && { description }) },
    entity_counts: {
      areas: areas?.length ?? 0,
      components: components?.length ?? 0,
      apps: apps?.length ?? 0,
      functions: functions?.length ?? 0,
      scripts: manifest?.scripts.length ?? 0,
    },
    validation: { is_valid: errors === 0, error_count: errors, warning_count: warnings },
    reloads,
  };
}
