import { useEffect } from 'react';

const SINGLE_KEYS = 'medkit.single-keys';

/** Returns whether single-key shortcuts are enabled. Users of speech input can disable them (WCAG 2.1.4). */
export function hasSingleKeys(): boolean {
  return localStorage.getItem(SINGLE_KEYS) !== 'off';
}

export function allowSingleKeys(allowed: boolean): void {
  localStorage.setItem(SINGLE_KEYS, allowed ? 'on' : 'off');
}

/** Returns whether the user is typing or a dialog is open, in which case shortcuts do not apply. */
export function isTyping({ target }: KeyboardEvent): boolean {
  const element = target as HTMLElement | null;
  return (
    element?.closest('input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]') !== null ||
    document.querySelector('dialog[open]') !== null
  );
}

/**
 * Handles single-key shortcuts unless the user is typing or has disabled them. `handle` returns whether it used the
 * key.
 */
export function useKeys(handle: (event: KeyboardEvent) => boolean): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
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
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  });
}
