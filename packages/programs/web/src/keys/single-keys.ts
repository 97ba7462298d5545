import { useEffect } from 'react';

const SINGLE_KEYS = 'medkit.single-keys';

/** Whether single keys do something: who speaks to their machine may not want that (WCAG 2.1.4). */
export function hasSingleKeys(): boolean {
  return localStorage.getItem(SINGLE_KEYS) !== 'off';
}

export function allowSingleKeys(allowed: boolean): void {
  localStorage.setItem(SINGLE_KEYS, allowed ? 'on' : 'off');
}

/** True while somebody types a text, or a dialog is open: keys mean what they mean there. */
export function isTyping({ target }: KeyboardEvent): boolean {
  const element = target as HTMLElement | null;
  return (
    element?.closest('input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]') !== null ||
    document.querySelector('dialog[open]') !== null
  );
}

/** Hears single keys while nobody types and they are not switched off. The handler says whether it has done something. */
export function useKeys(handle: (event: KeyboardEvent) => boolean): void {
  useEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      if (
        event.defaultPrevented ||
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        isTyping(event) ||
        !hasSingleKeys()
      )
        return;
      if (handle(event)) event.preventDefault();
    };
    addEventListener('keydown', hear);
    return () => removeEventListener('keydown', hear);
  });
}
