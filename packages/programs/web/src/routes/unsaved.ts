import { useEffect } from 'react';

const forms = new Set<object>();

/** Asks before the tab is closed or reloaded; the browser chooses the text. */
function beforeUnload(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

/** Registers whether a form has unsaved changes. */
export function useUnsaved(isUnsaved: boolean): void {
  useEffect(() => {
    if (!isUnsaved) return undefined;
    const form = {};
    // Registered only while needed: browsers do not keep a page with this listener in the back-forward cache.
    if (forms.size === 0) addEventListener('beforeunload', beforeUnload);
    forms.add(form);
    return () => {
      forms.delete(form);
      if (forms.size === 0) removeEventListener('beforeunload', beforeUnload);
    };
  }, [isUnsaved]);
}

/** Returns whether a form of this page has unsaved changes. */
export const hasUnsaved = (): boolean => forms.size > 0;
