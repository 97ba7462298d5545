import { BASE_PATH } from '../routes/base-path.ts';

const RELOADED = 'medkit.reloaded';
/** A page that was loaded anew and still misses a part of itself is not loaded anew again so soon. */
const MIN_BETWEEN_MS = 60_000;

/** Whether a page may be loaded anew, by when it was the last time, as text of milliseconds since 1970. */
export function mayReload(lastText: string | null, nowMs: number): boolean {
  const pastMs = nowMs - Number(lastText ?? Number.NaN);
  return !(pastMs >= 0 && pastMs < MIN_BETWEEN_MS);
}

/**
 * Loads the page anew where a part of it is not there any more, as after an upgrade; not twice in a minute, and not while the gateway
 * is away: what is on the screen would be gone.
 */
export async function reloadForNewPages(): Promise<void> {
  if (!mayReload(sessionStorage.getItem(RELOADED), Date.now())) return;
  if (!(await isThere())) return;
  sessionStorage.setItem(RELOADED, String(Date.now()));
  location.reload();
}

/** Loads the page anew because somebody wants it, if the gateway is there; whether it was. */
export async function reloadIfThere(): Promise<boolean> {
  const hasAnswered = await isThere();
  if (hasAnswered) location.reload();
  return hasAnswered;
}

async function isThere(): Promise<boolean> {
  try {
    const { ok } = await fetch(`${BASE_PATH}/settings`, { headers: { Accept: 'text/html' }, cache: 'no-store' });
    return ok;
  } catch (error) {
    console.info('the gateway is away', error);
    return false;
  }
}
