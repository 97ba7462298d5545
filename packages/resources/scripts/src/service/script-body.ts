import {
  type EntityKind,
  entityHref,
  type ScriptExecution as ScriptExecutionBody,
  type ScriptList,
  type ScriptMetadata,
  type ScriptUploadResponse,
  type XMedkitScript,
  type XMedkitScriptExecution,
} from '@medkit/contract';
import type { Entity, ScriptEntry, ScriptExecution, ScriptOutput } from '@medkit/core';

/** Returns the path of a script. */
export function scriptHref({ kind, id }: { readonly kind: EntityKind; readonly id: string }, scriptId: string): string {
  return `${entityHref(kind, id, 'scripts')}/${scriptId}`;
}

export function scriptMetadata(entity: Entity, script: ScriptEntry): ScriptMetadata {
  const { id, name, description = '', managed, parametersSchema } = script;
  return {
    id,
    name,
    description,
    href: scriptHref(entity, id),
    managed,
    proximity_proof_required: false,
    ...(parametersSchema !== undefined && { parameters_schema: parametersSchema }),
    'x-medkit': scriptDetails(script),
  };
}

export function scriptList(entity: Entity, scripts: readonly ScriptEntry[]): ScriptList {
  return {
    items: scripts.map((script) => scriptMetadata(entity, script)),
    _links: { self: entityHref(entity.kind, entity.id, 'scripts'), parent: entityHref(entity.kind, entity.id) },
  };
}

export function uploadedScript(script: ScriptEntry): ScriptUploadResponse {
  return { id: script.id, name: script.name, 'x-medkit': scriptDetails(script) };
}

function scriptDetails({ digest, timeoutSec, format, runner }: ScriptEntry): XMedkitScript {
  return {
    ...(digest !== undefined && { sha256: digest }),
    ...(timeoutSec !== undefined && { timeout_sec: timeoutSec }),
    ...(format !== undefined && { language: format }),
    ...(runner !== undefined && { runner }),
  };
}

/**
 * Converts an execution to the form that the API returns. Unknown values are null, so that the fields are always
 * present. `maxOutput` truncates the output to so many characters.
 */
export function executionBody(whole: ScriptExecution, maxOutput?: number): ScriptExecutionBody {
  const execution = maxOutput === undefined ? whole : truncated(whole, maxOutput);
  const { id, status, progress, startedMs, completedMs, result, error, exitCode } = execution;
  return {
    id,
    status,
    progress: progress ?? null,
    started_at: wholeSeconds(startedMs),
    completed_at: wholeSeconds(completedMs),
    ...(result !== undefined && { parameters: result }),
    ...(error && {
      error: { message: error.message, ...(exitCode !== undefined && { exit_code: exitCode }), reason: error.reason },
    }),
    'x-medkit': vendorPart(execution),
  };
}

/** Truncates the output of an execution. The result repeats the output, and is left out with it. */
function truncated({ output, errors, result, ...execution }: ScriptExecution, maxChars: number): ScriptExecution {
  const shortened = (stream: ScriptOutput): ScriptOutput =>
    stream.text.length <= maxChars ? stream : { text: stream.text.slice(0, maxChars).toWellFormed(), truncated: true };
  const isWhole = output !== undefined && output.text.length <= maxChars;
  return {
    ...execution,
    ...(output && { output: shortened(output) }),
    ...(errors && { errors: shortened(errors) }),
    ...(isWhole && result !== undefined && { result }),
  };
}

function vendorPart(execution: ScriptExecution): XMedkitScriptExecution {
  const { exitCode, output, errors, clientId, digest, runner } = execution;
  return {
    ...(exitCode !== undefined && { exit_code: exitCode }),
    ...(output && { stdout: output.text, stdout_truncated: output.truncated }),
    ...(errors && { stderr: errors.text, stderr_truncated: errors.truncated }),
    ...(clientId !== undefined && { client_id: clientId }),
    ...(digest !== undefined && { sha256: digest }),
    ...(runner !== undefined && { runner }),
  };
}

/** `2026-03-23T02:14:33Z` */
function wholeSeconds(ms: number | undefined): string | null {
  return ms === undefined ? null : `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
