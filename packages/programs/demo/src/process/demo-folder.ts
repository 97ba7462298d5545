import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** The number is that of the process that works in the folder. */
const FOLDER = /^medkit-demo-data-(\d+)-/;

/**
 * A new folder for what a demo keeps: it goes with the demo. Those of demos of this user that were killed, so that nobody could
 * remove them, go now.
 */
export function openDemoFolder(): string {
  const parent = tmpdir();
  for (const name of readdirSync(parent)) if (isLeft(parent, name)) removeDemoFolder(join(parent, name));
  return mkdtempSync(join(parent, `medkit-demo-data-${process.pid}-`));
}

/** Removes such a folder with all that is in it; nothing where it is gone already. */
export function removeDemoFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

function isLeft(parent: string, name: string): boolean {
  const pid = Number(FOLDER.exec(name)?.[1] ?? Number.NaN);
  if (!Number.isSafeInteger(pid) || isAlive(pid)) return false;
  const found = lstatSync(join(parent, name), { throwIfNoEntry: false });
  return found?.isDirectory() === true && found.uid === userInfo().uid;
}

/** Another user's process is none that has a folder of this user. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if (['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}
