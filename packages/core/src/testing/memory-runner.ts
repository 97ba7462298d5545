import type { ScriptAction } from '../runtime/script-provider.ts';
import type { ScriptJob, ScriptNews, ScriptRunner } from '../runtime/script-runner.ts';

export interface MemoryRunner {
  readonly runner: ScriptRunner;
  /** All that were started, in their order. */
  readonly jobs: readonly ScriptJob[];
  /** How they were told to end, as `exec_001 stop`. */
  readonly ends: readonly string[];
  /** What comes of the job that was started last. */
  tell(news: ScriptNews): void;
  /** Knows no job any more, as one that was started anew. */
  forget(): void;
}

/** A runner whose scripts do what a test lets them do; one that is told to end does so unless it is `deaf`. */
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
