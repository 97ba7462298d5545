import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** Folder name; the number is the id of the process that uses the folder. */
const FOLDER = /^medkit-demo-data-(\d+)-/;

/**
 * Creates a folder for the data of a demo, which the demo removes at its end. Removes folders of killed demos of this user.
 */
export function openDemoFolder(): string {
  const parent = tmpdir();
  for (const name of readdirSync(parent)) if (isLeft(parent, name)) removeDemoFolder(join(parent, name));
  return mkdtempSync(join(parent, `medkit-demo-data-${process.pid}-`));
}

/** Removes such a folder with its content, if it exists. */
export function removeDemoFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

function isLeft(parent: string, name: string): boolean {
  const pid = Number(FOLDER.exec(name)?.[1] ?? Number.NaN);
  if (!Number.isSafeInteger(pid) || isAlive(pid)) return false;
  const found = lstatSync(join(parent, name), { throwIfNoEntry: false });
  return found?.isDirectory() === true && found.uid === userInfo().uid;
}

/** Returns whether the process runs. A process of another user does not use a folder of this user. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if (['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}
