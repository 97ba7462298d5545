import { type Finding, findingsSummary, findingText, type LoadedManifest } from '@medkit/manifest';

/** The result of a check as text. */
export function checkLines({ manifest, findings }: LoadedManifest): readonly string[] {
  const verdict = manifest
    ? `A gateway accepts it: ${Object.entries(countsOf(manifest))
        .map(([what, count]) => `${count} ${what}`)
        .join(', ')}.`
    : 'A gateway rejects it.';
  return [...findings.map(findingText), `${findingsSummary(findings)}. ${verdict}`];
}

/** The result of a check as JSON. */
export function checkJson(file: string, { manifest, findings }: LoadedManifest): string {
  const found = findings.map(({ rule, level, at, message }) => ({ rule, level, ...placeOf(at), message }));
  const valid = manifest !== undefined;
  return JSON.stringify({ file, valid, findings: found, ...(manifest && { counts: countsOf(manifest) }) }, null, 2);
}

function placeOf(at: Finding['at']): { readonly file: string; readonly line?: number } {
  const [, file = at, line] = /^(.*):(\d+)$/.exec(at) ?? [];
  return { file, ...(line !== undefined && { line: Number(line) }) };
}

function countsOf({ entities, scripts }: NonNullable<LoadedManifest['manifest']>) {
  const { areas, components, apps, functions } = entities;
  return {
    areas: areas.length,
    components: components.length,
    apps: apps.length,
    functions: functions.length,
    scripts: scripts.length,
  };
}
