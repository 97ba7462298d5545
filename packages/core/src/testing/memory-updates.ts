import { SovdError } from '@medkit/contract';
import type { ExecuteOptions, UpdateMetadata, UpdateProgress, UpdateProvider } from '../providers/update-provider.ts';

export interface MemoryUpdatesOptions {
  /** Runs instead of a task. Throw in it to simulate a failure. Default: tasks succeed immediately. */
  readonly onTask?: (
    task: 'prepare' | 'execute' | 'rollBack' | 'resume',
    updateId: string,
    signal: AbortSignal,
  ) => Promise<void> | void;
  /** Runs before a delete. */
  readonly onRemove?: (updateId: string) => Promise<void> | void;
  /** Returns the progress of the running task. */
  readonly onProgress?: () => UpdateProgress | undefined;
  /** Whether the provider supports resuming an update after a restart of the gateway. */
  readonly resumes?: boolean;
  /** Whether the provider supports rollback. */
  readonly rollsBack?: boolean;
  /** Whether the provider supports confirmation. */
  readonly confirms?: boolean;
}

/** Creates an update provider for tests that installs nothing. */
export function memoryUpdates({
  onTask,
  onRemove,
  onProgress,
  resumes = true,
  rollsBack = true,
  confirms = true,
}: MemoryUpdatesOptions = {}) {
  const updates = new Map<string, UpdateMetadata>();
  /** The tasks that were started, such as `prepare map-2`. */
  const tasks: string[] = [];
  const task =
    (name: 'prepare' | 'execute' | 'rollBack' | 'resume') =>
    async (id: string, { signal }: { readonly signal: AbortSignal }) => {
      tasks.push(`${name} ${id}`);
      await onTask?.(name, id, signal);
    };
  const provider: UpdateProvider = {
    list: async () => [...updates.values()],
    get: async (id) => {
      const found = updates.get(id);
      if (found) return found;
      throw new SovdError({ code: 'x-medkit-update-not-found' });
    },
    register: async (metadata) => {
      if (updates.has(metadata.id)) throw new SovdError({ code: 'x-medkit-update-already-exists' });
      updates.set(metadata.id, metadata);
    },
    remove: async (id) => {
      await onRemove?.(id);
      updates.delete(id);
    },
    prepare: task('prepare'),
    execute: async (id, call, options: ExecuteOptions = {}) => {
      tasks.push(`execute ${id}${options.confirmWithinMs === undefined ? '' : ` ${options.confirmWithinMs} ms`}`);
      await onTask?.('execute', id, call.signal);
    },
    ...(confirms && { confirm: async (id: string) => void tasks.push(`confirm ${id}`) }),
    ...(rollsBack && { rollBack: task('rollBack') }),
    ...(resumes && { resume: task('resume') }),
    progress: async () => onProgress?.(),
  };
  return { provider, updates, tasks };
}
