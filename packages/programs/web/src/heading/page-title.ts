import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
let current = '';

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Reports the title of the current page, for the title of the browser tab. */
export function setPageTitle(title: string): void {
  if (title === current) return;
  current = title;
  for (const listener of listeners) listener();
}

/** The title of the current page; empty until its heading is rendered. */
export const usePageTitle = (): string => useSyncExternalStore(subscribe, () => current);

/**
 * Returns the title of the browser tab: `(2) Faults · warehouse-amr · medkit`. The number of open incidents is first,
 * because a narrow tab shows only the beginning. Empty parts are left out.
 */
export function tabTitle(openIncidents: number, page: string, robot: string): string {
  const count = openIncidents > 0 ? `(${openIncidents}) ` : '';
  return count + [page, robot, 'medkit'].filter((part) => part !== '').join(' · ');
}
