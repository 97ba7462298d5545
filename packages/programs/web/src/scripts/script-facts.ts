import type { EntityRef } from '@medkit/client';
import type { EntityScript, ExecutionSummary, ScriptMetadata } from '@medkit/contract';

/** An entity that can have scripts. */
export type ScriptEntity = EntityRef<'app' | 'component'>;

export type ScriptLanguage = 'sh' | 'bash' | 'python';

const DIGEST_CHARS = 12;

/** Returns the entity of a script, or `undefined` if its kind has no scripts. */
export function entityOfScript({
  entity_type: kind,
  entity_id: id,
}: Pick<EntityScript, 'entity_type' | 'entity_id'>): ScriptEntity | undefined {
  return kind === 'app' || kind === 'component' ? { kind, id } : undefined;
}

/** Returns a key that identifies a script of the robot. */
export const scriptKey = ({ entity_type, entity_id, id }: EntityScript): string => `${entity_type}/${entity_id}/${id}`;

/** Returns the language that the gateway selects for a file by its extension. */
export function languageOfFile(name: string): ScriptLanguage {
  if (name.endsWith('.py')) return 'python';
  return name.endsWith('.bash') ? 'bash' : 'sh';
}

/** Whether executions are confined; `plugin` if a plugin runs them, and `undefined` if the runner is unknown. */
export function confinementOf(runner: string | null | undefined): 'confined' | 'unconfined' | 'plugin' | undefined {
  if (!runner) return undefined;
  if (runner === 'plain') return 'unconfined';
  return runner === 'bubblewrap' ? 'confined' : 'plugin';
}

/** Returns the first characters of a digest, enough to compare it by eye. */
export const shortDigest = (sha256: string): string => sha256.slice(0, DIGEST_CHARS);

/** Returns the newest run of each script by `scriptKey`. The runs are sorted, newest first. */
export function lastRuns(runs: readonly ExecutionSummary[]): ReadonlyMap<string, ExecutionSummary> {
  const last = new Map<string, ExecutionSummary>();
  for (const run of runs) {
    const { of, entity_type, entity_id, script_id } = run;
    const key = `${entity_type}/${entity_id}/${script_id}`;
    if (of === 'script' && !last.has(key)) last.set(key, run);
  }
  return last;
}

/** Filters scripts by entity and by words that the name, the description or the entity must contain. */
export function matchingScripts(
  scripts: readonly EntityScript[],
  { entity, words }: { readonly entity: string; readonly words: string },
): readonly EntityScript[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return scripts.filter((script) => {
    const { id, name, description, entity_id, entity_type } = script;
    if (entity !== '' && entity !== `${entity_type}/${entity_id}`) return false;
    const text = `${id} ${name} ${description ?? ''} ${entity_id}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}

/**
 * Returns the schema of the form for running a script. Without a declared schema, the form takes any parameters as
 * JSON, in the member `parameters`.
 */
export function runSchema(
  { parameters_schema }: Pick<ScriptMetadata, 'parameters_schema'>,
  help: string,
): { readonly schema: unknown; readonly isDeclared: boolean } {
  if (typeof parameters_schema === 'object' && parameters_schema !== null) {
    return { schema: { type: 'object', ...parameters_schema }, isDeclared: true };
  }
  return { schema: { type: 'object', properties: { parameters: { description: help } } }, isDeclared: false };
}

/** Returns the parameters to send, or `undefined` if no field was filled. */
export function runParameters(value: unknown, isDeclared: boolean): unknown {
  const parameters = isDeclared ? value : Object(value).parameters;
  const isEmpty = typeof parameters === 'object' && parameters !== null && Object.keys(parameters).length === 0;
  return isEmpty ? undefined : parameters;
}
