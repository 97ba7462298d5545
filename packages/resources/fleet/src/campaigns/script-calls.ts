import { type FleetCampaignResult, MAX_CAMPAIGN_OUTPUT_CHARS } from '@medkit/contract';
import { fieldsOf } from '@medkit/core';
import type { RobotCall, RobotReply } from '../requests/robot-request.ts';
import type { ScriptWork } from './campaign-plan.ts';

/**
 * `find`: reads the stored script. `upload`: stores it. `run`: starts the execution. `follow`: reads the execution.
 * `end`: ends it.
 */
export type ScriptStep = 'find' | 'upload' | 'run' | 'follow' | 'end';
/** Steps that need the permissions of the account at that time. An execution that has begun is followed without them. */
export const BEGINS_SCRIPT: readonly string[] = ['find', 'upload', 'run'];

/** What the hub knows of a robot that runs a script. */
export interface ScriptFound {
  /** Id of the script on the robot. */
  readonly script?: string;
  readonly execution?: string;
  /** When the robot answered that it runs. */
  readonly startedMs?: number;
  /** Whether the start was sent more than once: an earlier request may have begun the execution. */
  readonly isRepeated?: boolean;
  /** Why the hub ends the execution. */
  readonly problem?: string;
  readonly result?: Omit<FleetCampaignResult, 'execution' | 'script'>;
}

/** Characters of the digest in the id of a script whose usual id is in use. */
const ID_DIGEST_CHARS = 12;
/** Ids that may be in an address. */
const ID = /^[A-Za-z0-9_-]{1,256}$/;

const dotIn = (name: string): number => name.lastIndexOf('.');
/** Returns the id that robots give to the file of a script. */
export const usualId = ({ name }: ScriptWork): string => name.slice(0, dotIn(name));
/** Returns the id of a script on a robot that has another script with the usual id. */
export const otherId = (work: ScriptWork): string => `${usualId(work)}-${work.sha256.slice(0, ID_DIGEST_CHARS)}`;

const LANGUAGES: Readonly<Record<string, string>> = { bash: 'bash', py: 'python', sh: 'sh' };
/** Returns the language in which robots run a script. */
const languageOf = ({ name }: ScriptWork): string | undefined => LANGUAGES[name.slice(dotIn(name) + 1)];

/** Returns the requests of a step. */
export function scriptCalls(work: ScriptWork, step: ScriptStep, found: ScriptFound): readonly RobotCall[] {
  const slash = work.entity.indexOf('/');
  const scripts = `/${work.entity.slice(0, slash)}/${encodeURIComponent(work.entity.slice(slash + 1))}/scripts`;
  const script = found.script ?? usualId(work);
  const executions = `${scripts}/${script}/executions`;
  const execution = `${executions}/${found.execution}`;
  switch (step) {
    case 'find':
      return [{ method: 'GET', path: `${scripts}/${script}` }];
    case 'upload': {
      const file = { name: `${script}${work.name.slice(dotIn(work.name))}`, text: work.text ?? '' };
      return [{ method: 'POST', path: scripts, script: file }];
    }
    case 'run': {
      const { parameters } = work;
      const body = { execution_type: 'now', ...(parameters !== undefined && { parameters }) };
      return [{ method: 'POST', path: executions, body }];
    }
    case 'follow':
      return [{ method: 'GET', path: `${execution}?max_output=${MAX_CAMPAIGN_OUTPUT_CHARS}` }];
    case 'end':
      return [{ method: 'PUT', path: execution, body: { action: 'stop' } }];
  }
}

/** Returns the id in a reply; `undefined` if it has none that an address can have. */
export function idIn({ body }: RobotReply): string | undefined {
  const id = fieldsOf(body as never)?.['id'];
  return typeof id === 'string' && ID.test(id) ? id : undefined;
}

/** Returns whether a reply describes the script of the campaign: its digest, and the language in which it runs. */
export function isScript({ body }: RobotReply, work: ScriptWork): boolean {
  const { sha256, language } = fieldsOf(fieldsOf(body as never)?.['x-medkit']) ?? {};
  return sha256 === work.sha256 && language === languageOf(work);
}

/** The state of an execution on a robot. */
export interface ExecutionState {
  readonly isRunning: boolean;
  readonly isCompleted: boolean;
  /** Whether it runs another content than that of the campaign. */
  readonly isOther: boolean;
  /** Why it failed. */
  readonly error: string;
  readonly result: NonNullable<ScriptFound['result']>;
}

/** Returns the state in a reply to `GET …/executions/{id}`. */
export function executionIn({ body }: RobotReply, { sha256 }: ScriptWork): ExecutionState {
  const fields = fieldsOf(body as never);
  const details = fieldsOf(fields?.['x-medkit']) ?? {};
  const message = fieldsOf(fields?.['error'])?.['message'];
  const [status, exitCode] = [fields?.['status'], details['exit_code']];
  const streams = (['stdout', 'stderr'] as const).map((name) => [name, textIn(details[name])] as const);
  const isTruncated =
    details['stdout_truncated'] === true ||
    details['stderr_truncated'] === true ||
    streams.some(([, text]) => isLong(text));
  return {
    isRunning: status === 'running' || status === 'prepared',
    isCompleted: status === 'completed',
    isOther: details['sha256'] !== undefined && details['sha256'] !== sha256,
    error: typeof message === 'string' ? plainLine(message) : 'the robot reports no reason',
    result: {
      ...(Number.isSafeInteger(exitCode) && { exit_code: exitCode as number }),
      ...Object.fromEntries(streams.flatMap(([name, text]) => (text === '' ? [] : [[name, shortened(text)]]))),
      ...(isTruncated && { truncated: true }),
    },
  };
}

const textIn = (value: unknown): string => (typeof value === 'string' ? value : '');
const isLong = (text: string): boolean => text.length > MAX_CAMPAIGN_OUTPUT_CHARS;
const shortened = (text: string): string => text.slice(0, MAX_CAMPAIGN_OUTPUT_CHARS).toWellFormed();
/** Databases store no NUL, and a reason is one line. */
const plainLine = (text: string): string =>
  text
    .slice(0, 300)
    .toWellFormed()
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim();

/** Returns the result of a robot as clients receive it. */
export function resultOf({ found }: { readonly found?: unknown }): { readonly result?: FleetCampaignResult } {
  const { script, execution, result } = (found ?? {}) as ScriptFound;
  if (script === undefined || execution === undefined || !result) return {};
  return { result: { script, execution, ...result } };
}
