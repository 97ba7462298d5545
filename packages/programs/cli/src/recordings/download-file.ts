import { open as openFile, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { type Download, GatewayRefused, GatewayUnreachable } from '@medkit/client';

/** Consecutive connection losses without progress after which a download fails. A later run can resume it. */
const MAX_BREAKS = 5;
const PAUSE_MS = 500;

export interface FileDownload {
  /** Target file; if absent, the name from the gateway in the working directory. */
  readonly file: string | undefined;
  readonly nameFor: (disposition: string | null) => string;
  readonly open: (headers: Readonly<Record<string, string>>) => Promise<Download>;
  /** Bytes so far, and the total if known. */
  readonly onProgress: (done: number, total: number | undefined) => void;
  /** Pause between a connection loss and the next attempt (default 500 ms). */
  readonly pauseMs?: number;
}

/**
 * Downloads into `<file>.part` and renames it when complete. Resumes an interrupted download if the ETag is unchanged, in a later
 * run only if `file` is given.
 */
export async function downloadFile(saving: FileDownload): Promise<{ readonly file: string; readonly bytes: number }> {
  const state = { target: saving.file, done: 0 };
  for (let breaks = 0; ; breaks += 1) {
    const before = state.done;
    try {
      return await saved(saving, state);
    } catch (error) {
      if (state.done > before) breaks = 0;
      if (!(error instanceof GatewayUnreachable) || breaks >= MAX_BREAKS) throw error;
    }
    await delay(saving.pauseMs ?? PAUSE_MS);
  }
}

async function saved({ nameFor, open, onProgress }: FileDownload, state: { target: string | undefined; done: number }) {
  const left = state.target === undefined ? undefined : await leftOf(state.target);
  const download = left ? await openFrom(left, open) : await open({});
  state.target ??= nameFor(download.headers.get('content-disposition'));
  const part = `${state.target}.part`;
  const start = left && download.status === 206 ? left.bytes : 0;
  const total = totalOf(download, start);
  await using handle = await openFile(part, start > 0 ? 'a' : 'w');
  // Written after the file is truncated, so that the ETag never belongs to other content.
  await writeFile(`${part}.etag`, download.headers.get('etag') ?? '');
  state.done = start;
  for await (const chunk of download.chunks) {
    await handle.writeFile(chunk);
    state.done += chunk.length;
    onProgress(state.done, total);
  }
  await rename(part, state.target);
  await rm(`${part}.etag`, { force: true });
  return { file: state.target, bytes: state.done };
}

/** Rest of an earlier download: its length, and the ETag of its content. */
interface Left {
  readonly bytes: number;
  readonly etag: string;
}

/** Requests the remaining bytes. Requests the whole file if none remain: only the rename was missing. */
async function openFrom({ bytes, etag }: Left, open: FileDownload['open']): Promise<Download> {
  try {
    return await open({ Range: `bytes=${bytes}-`, 'If-Range': etag });
  } catch (error) {
    if (error instanceof GatewayRefused && error.status === 416) return open({});
    throw error;
  }
}

async function leftOf(target: string): Promise<Left | undefined> {
  try {
    const [{ size: bytes }, etag] = await Promise.all([
      stat(`${target}.part`),
      readFile(`${target}.part.etag`, 'utf8'),
    ]);
    return bytes > 0 && etag !== '' ? { bytes, etag } : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function totalOf({ headers }: Download, start: number): number | undefined {
  const length = Number(headers.get('content-length') ?? Number.NaN);
  return Number.isFinite(length) ? start + length : undefined;
}
