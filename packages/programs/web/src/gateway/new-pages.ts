import { BASE_PATH } from '../routes/base-path.ts';

const RELOADED = 'medkit.reloaded';
/** Minimum interval between two automatic reloads. */
const MIN_BETWEEN_MS = 60_000;

/** Returns whether the page may be reloaded, given the last reload as text of milliseconds since 1970. */
export function mayReload(lastText: string | null, nowMs: number): boolean {
  const pastMs = nowMs - Number(lastText ?? Number.NaN);
  return !(pastMs >= 0 && pastMs < MIN_BETWEEN_MS);
}

/**
 * Reloads the page if one of its chunks no longer exists, as after an upgrade. Reloads at most once a minute, and not
 * while the gateway is unreachable, because the current content would be lost.
 */
export async function reloadForNewPages(): Promise<void> {
  if (!mayReload(sessionStorage.getItem(RELOADED), Date.now())) return;
  if (!(await isThere())) return;
  sessionStorage.setItem(RELOADED, String(Date.now()));
  location.reload();
}

/** Reloads the page on request if the gateway answers. Returns whether it answered. */
export async function reloadIfOnline(): Promise<boolean> {
  const hasAnswered = await isThere();
  if (hasAnswered) location.reload();
  return hasAnswered;
}

async function isThere(): Promise<boolean> {
  try {
    // All other addresses of pages answer navigations only.
    const { ok } = await fetch(`${BASE_PATH}/`, { headers: { Accept: 'text/html' }, cache: 'no-store' });
    return ok;
  } catch (error) {
    console.info('the gateway is away', error);
    return false;
  }
}
