import type { ScriptAction } from '../providers/script-provider.ts';
import type { ScriptJob, ScriptNews, ScriptRunner } from '../providers/script-runner.ts';

export interface MemoryRunner {
  readonly runner: ScriptRunner;
  /** All jobs that were started, in order. */
  readonly jobs: readonly ScriptJob[];
  /** The requests to end a job, such as `exec_001 stop`. */
  readonly ends: readonly string[];
  /** Sets news of the job that was started last. */
  tell(news: ScriptNews): void;
  /** Forgets all jobs, like a runner that restarts. */
  forget(): void;
}

/**
 * Creates a runner whose scripts do what the test specifies. A job ends when requested, unless the runner is `deaf`.
 */
export function memoryRunner({ deaf = false }: { readonly deaf?: boolean } = {}): MemoryRunner {
  const jobs: ScriptJob[] = [];
  const ends: string[] = [];
  const pending = new Map<string, ScriptNews[]>();
  const of = (id: string): ScriptNews[] => {
    const news = pending.get(id);
    if (!news) throw new Error('there is no such job');
    return news;
  };
  return {
    jobs,
    ends,
    tell: (news) => void of(jobs.at(-1)?.id ?? '').push(news),
    forget: () => pending.clear(),
    runner: {
      start: async (job) => {
        jobs.push(job);
        pending.set(job.id, []);
      },
      news: async (id) => of(id).shift() ?? {},
      end: async (id, action: ScriptAction) => {
        ends.push(`${jobs.find((job) => job.id === id)?.executionId} ${action}`);
        if (!deaf) of(id).push({ exit: { signal: action === 'stop' ? 'SIGTERM' : 'SIGKILL' } });
      },
    },
  };
}
