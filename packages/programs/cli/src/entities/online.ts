import type { AppListItem, XMedkitApp } from '@medkit/contract';
import type { Cell } from '../terminal/table.ts';

/** Cell with the online state of an app. */
export function onlineCell(about: XMedkitApp | null | undefined): Cell {
  if (about?.is_online) return { text: 'online', colour: 'green' };
  return about?.is_online === false ? { text: 'offline', colour: 'red' } : 'unknown';
}

/** `2 of 3`: number of these apps that are online. */
export function onlineCount(apps: readonly AppListItem[]): Cell {
  const online = apps.filter((app) => app['x-medkit']?.is_online).length;
  const text = `${online} of ${apps.length}`;
  if (apps.length === 0) return { text: '-', colour: 'dim' };
  return { text, colour: online === apps.length ? 'green' : 'red' };
}
