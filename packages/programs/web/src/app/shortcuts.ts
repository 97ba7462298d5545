import { useEffect, useState } from 'react';
import { useKeys } from '../keys/single-keys.ts';
import { goTo } from '../routes/location.ts';
import { addressOf, type PageName } from '../routes/pages.ts';

/** Pages reached by `g` followed by this letter. */
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

/** Global keyboard shortcuts: Ctrl-K, `/`, `?`, and `g` followed by the letter of a page. */
export function useShortcuts() {
  const [isFinding, setFinding] = useState(false);
  const [isSheetOpen, setSheetOpen] = useState(false);
  const [pressedAt, setPressedAt] = useState(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'k') return;
      event.preventDefault();
      setFinding(true);
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
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
