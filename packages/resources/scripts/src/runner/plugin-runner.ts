import { callContext, errorMessage, type Log, type ScriptJob, type ScriptNews, type ScriptRunner } from '@medkit/core';
import type { Clock, ProgramStart } from '@medkit/edges';
import type { ScriptExit, StartedScript } from '../executions/script-run.ts';

/** A script runner of a plugin. */
export interface PluginRunner {
  /** Name of the plugin. */
  readonly name: string;
  /** Returns whether it runs the scripts of an entity such as `apps/lidar_driver`. */
  isFor(owner: string): boolean;
  readonly runner: ScriptRunner;
}

/** Timeout of a runner's answer. */
const ANSWER_MS = 5000;
/** Pause between two polls, so that a busy runner does not block others. */
const PAUSE_MS = 50;
/** How long a killed job may take to end. */
const LOST_MS = 10_000;

export interface JobOptions {
  readonly runner: ScriptRunner;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Starts a job, and polls it from `begin` on. If its runner no longer knows the job or does not answer, the job is
 * lost, and the runner is asked once more to end it.
 */
export async function startJob(
  job: ScriptJob,
  { runner, clock, log }: JobOptions,
  onOutput: ProgramStart['onOutput'],
): Promise<StartedScript> {
  const call = () => callContext({ clock, timeoutMs: ANSWER_MS });
  const ended = Promise.withResolvers<ScriptExit>();
  let isOver = false;
  void ended.promise.then(() => {
    isOver = true;
  });
  const end = (action: 'stop' | 'forced_termination'): Promise<void> =>
    runner.end(job.id, action, call()).catch((error: unknown) => {
      log('warn', `${job.owner}/${job.scriptId} ${job.executionId} could not be stopped: ${errorMessage(error)}`);
    });
  const follow = async (): Promise<ScriptExit> => {
    while (!isOver) {
      const { output, errors, progress, exit } = checkedNews(await runner.news(job.id, call()));
      if (output) onOutput('output', output);
      if (errors) onOutput('errors', errors);
      if (progress !== undefined) onOutput('report', Buffer.from(`${progress}\n`));
      if (exit) return exit;
      await new Promise<void>((resolve) => clock.after(PAUSE_MS, resolve));
    }
    return ended.promise;
  };
  await runner.start(job, call());
  return {
    begin: () => {
      follow().then(ended.resolve, async (error: unknown) => {
        await end('forced_termination');
        ended.resolve({ lost: errorMessage(error) });
      });
    },
    signal: (signal) => {
      if (isOver) return;
      void end(signal === 'SIGKILL' ? 'forced_termination' : 'stop');
      if (signal !== 'SIGKILL') return;
      clock.after(LOST_MS, () => ended.resolve({ lost: `it did not end within ${LOST_MS} ms` }));
    },
    ended: ended.promise,
  };
}

/** Validates the reply of a runner: a plugin may be written in JavaScript or run in another process. */
function checkedNews(news: Partial<ScriptNews> | undefined): ScriptNews {
  const { output, errors, progress, exit } = news ?? {};
  const { code, signal } = (exit ?? {}) as { readonly code?: unknown; readonly signal?: unknown };
  const isFine =
    typeof news === 'object' &&
    [output, errors].every((octets) => octets === undefined || octets instanceof Uint8Array) &&
    (progress === undefined || (Number.isFinite(progress) && progress >= 0)) &&
    (exit === undefined || Number.isInteger(code) || typeof signal === 'string');
  if (!isFine) throw new Error('it sent an invalid status of a script');
  return { ...news, ...(progress !== undefined && { progress: Math.round(progress) }) };
}
