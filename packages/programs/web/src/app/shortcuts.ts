import { useEffect, useState } from 'react';
import { goTo } from '../routes/location.ts';
import { addressOf, type PageName } from '../routes/pages.ts';

const SINGLE_KEYS = 'medkit.single-keys';
/** Pages behind `g`. */
const PAGE_KEYS: Readonly<Record<string, PageName & ('home' | 'incidents' | 'faults' | 'logs' | 'audit' | 'doctor')>> =
  {
    h: 'home',
    i: 'incidents',
    f: 'faults',
    l: 'logs',
    a: 'audit',
    d: 'doctor',
  };
const SEQUENCE_MS = 1500;

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

/** The keys that work on every page: Ctrl-K, `/`, `?`, and `g` with the letter of a page. */
export function useShortcuts() {
  const [isFinding, setFinding] = useState(false);
  const [isSheetOpen, setSheetOpen] = useState(false);
  const [pressedAt, setPressedAt] = useState(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'k') return;
      event.preventDefault();
      setFinding(true);
    };
    addEventListener('keydown', hear);
    return () => removeEventListener('keydown', hear);
  }, []);
  useKeys(({ key, timeStamp }) => {
    const page = timeStamp - pressedAt < SEQUENCE_MS && Object.hasOwn(PAGE_KEYS, key) ? PAGE_KEYS[key] : undefined;
    setPressedAt(key === 'g' ? timeStamp : Number.NEGATIVE_INFINITY);
    if (page) goTo(addressOf(page, {}));
    else if (key === '/') setFinding(true);
    else if (key === '?') setSheetOpen(true);
    else return false;
    return true;
  });
  return {
    isFinding,
    find: () => setFinding(true),
    finish: () => setFinding(false),
    isSheetOpen,
    closeSheet: () => setSheetOpen(false),
  };
}
