import { useEffect, useRef } from 'react';

/**
 * Moves the focus to the next row if the focused row leaves the list, so that keys continue from there. The returned
 * function notes the focused row before a change that may remove it.
 */
export function useFocusAfterRemoval<Row>(rows: readonly Row[], keyOf: (row: Row) => string): () => void {
  const noted = useRef<{ readonly key: string; readonly after: readonly string[] }>(undefined);
  useEffect(() => {
    if (!noted.current || rows.some((row) => keyOf(row) === noted.current?.key)) return;
    const { after } = noted.current;
    noted.current = undefined;
    // The user may have moved on.
    if (document.activeElement !== null && document.activeElement !== document.body) return;
    const next = after.map(rowWith).find((row) => row !== null);
    next?.focus();
  }, [rows, keyOf]);
  return () => {
    const key = document.activeElement?.closest<HTMLElement>('tr[data-key]')?.dataset['key'];
    const keys = rows.map(keyOf);
    const at = keys.indexOf(key ?? '');
    noted.current =
      at < 0 ? undefined : { key: key!, after: [...keys.slice(at + 1), ...keys.slice(0, at).toReversed()] };
  };
}

const rowWith = (key: string): HTMLElement | null =>
  document.querySelector<HTMLElement>(`tr[data-key="${CSS.escape(key)}"]`);
