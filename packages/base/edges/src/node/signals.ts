import type { Signals } from '../signals.ts';

/** Signals to the machine's processes. */
export const systemSignals: Signals = {
  send(processId, signal) {
    // 0 and less would mean whole groups of processes.
    if (!Number.isInteger(processId) || processId <= 0) return 'gone';
    try {
      process.kill(processId, signal);
      return 'sent';
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ESRCH') return 'gone';
      if (code === 'EPERM') return 'denied';
      throw error;
    }
  },
};
