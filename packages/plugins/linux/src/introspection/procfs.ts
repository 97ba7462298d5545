import { SovdError } from '@medkit/contract';
import { ProcReadFailed } from '../proc/proc-read-failed.ts';
import type { Introspection } from './introspection.ts';
import { type FactsSources, ProcessFacts, processFacts } from './process-facts.ts';

/** Facts about a process from `/proc`. */
export function procfs(sources: FactsSources): Introspection {
  return {
    resource: 'x-medkit-procfs',
    cap: 'Procfs',
    summary: 'Process',
    description: 'CPU time, memory, threads and open files, from /proc',
    schema: ProcessFacts,
    list: 'processes',
    key: 'pid',
    errors: ['x-medkit-proc-read-failed'],
    has: async () => true,
    read: async (process) => {
      try {
        return await processFacts(sources, process);
      } catch (error) {
        if (!(error instanceof ProcReadFailed)) throw error;
        throw new SovdError({
          code: 'x-medkit-proc-read-failed',
          message: error.message,
          parameters: { pid: process.id },
        });
      }
    },
  };
}
