import type { RecordingCatalogue } from './catalogue.ts';

/** Faults that were cleared, on their way out of the books of recordings. */
export interface ClearedFaults {
  /** Takes these faults off their recordings: before anything that is entered later, and many together when many come. */
  forget(codes: readonly string[]): void;
  /** Resolves when all of them are done. */
  settled(): Promise<void>;
}

/** @param failed hears why these faults keep their recordings for now */
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
