import type { RecordingCatalogue } from './catalogue.ts';

/** Removes cleared faults from the catalogue of recordings. */
export interface ClearedFaults {
  /**
   * Unlinks these faults from their recordings, before any recording added later. Many faults are unlinked together.
   */
  forget(codes: readonly string[]): void;
  /** Resolves when all of them are unlinked. */
  settled(): Promise<void>;
}

/** @param failed called with the faults that keep their recordings for now, and the error */
export function clearedFaults(
  catalogue: Pick<RecordingCatalogue, 'unlink' | 'clearAway'>,
  failed: (codes: readonly string[], error: Error) => void,
): ClearedFaults {
  const waiting = new Set<string>();
  const underWay = new Set<Promise<void>>();
  let isWriting = false;
  const write = async (): Promise<void> => {
    isWriting = true;
    const written: string[] = [];
    while (waiting.size > 0) {
      const codes = [...waiting];
      waiting.clear();
      written.push(...codes);
      await catalogue.unlink(codes).catch((error: Error) => failed(codes, error));
    }
    isWriting = false;
    await catalogue.clearAway().catch((error: Error) => failed(written, error));
  };
  return {
    forget: (codes) => {
      for (const code of codes) waiting.add(code);
      if (isWriting) return;
      const writing = write();
      underWay.add(writing);
      void writing.then(() => underWay.delete(writing));
    },
    settled: async () => void (await Promise.all(underWay)),
  };
}
