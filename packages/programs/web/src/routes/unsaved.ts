import { useEffect } from 'react';

const forms = new Set<object>();

/** Asks before a tab is closed or loaded anew; browsers choose the words themselves. */
function beforeUnload(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

/** Says whether a form has what would be lost if somebody left the page now. */
export function useUnsaved(isUnsaved: boolean): void {
  useEffect(() => {
    if (!isUnsaved) return undefined;
    const form = {};
    // Only while there is something: a page with this listener is not kept for Back.
    if (forms.size === 0) addEventListener('beforeunload', beforeUnload);
    forms.add(form);
    return () => {
      forms.delete(form);
      if (forms.size === 0) removeEventListener('beforeunload', beforeUnload);
    };
  }, [isUnsaved]);
}

/** Whether any form of this page has what would be lost. */
export const hasUnsaved = (): boolean => forms.size > 0;
