import { open as openFile, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { type Download, GatewayRefused, GatewayUnreachable } from '@medkit/client';

/** Connections that broke in a row before anything came, after which a download is given up; the rest of it can come later. */
const MAX_BREAKS = 5;
const PAUSE_MS = 500;

export interface Saving {
  /** Where to; absent: as the gateway names it, in the working folder. */
  readonly file: string | undefined;
  readonly nameFor: (disposition: string | null) => string;
  readonly open: (headers: Readonly<Record<string, string>>) => Promise<Download>;
  /** Octets so far, and all of them where that is known. */
  readonly onProgress: (done: number, total: number | undefined) => void;
  /** Between a break and the next try (default 500 ms). */
  readonly pauseMs?: number;
}

/**
 * Downloads into `<file>.part`, which gets its name when it is whole. One that broke is gone on with while the content is the
 * same by its ETag, also in a later run where `file` is given.
 */
export async function savedFile(saving: Saving): Promise<{ readonly file: string; readonly bytes: number }> {
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

async function saved({ nameFor, open, onProgress }: Saving, state: { target: string | undefined; done: number }) {
  const left = state.target === undefined ? undefined : await leftOf(state.target);
  const download = left ? await openFrom(left, open) : await open({});
  state.target ??= nameFor(download.headers.get('content-disposition'));
  const part = `${state.target}.part`;
  const start = left && download.status === 206 ? left.bytes : 0;
  const total = totalOf(download, start);
  await using handle = await openFile(part, start > 0 ? 'a' : 'w');
  // Behind the file, so that it never stands beside octets of other content.
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

/** What an earlier download left: its length, and what content it is of. */
interface Left {
  readonly bytes: number;
  readonly etag: string;
}

/** The rest behind what is left; the whole where nothing comes behind it, since only its name was missing. */
async function openFrom({ bytes, etag }: Left, open: Saving['open']): Promise<Download> {
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
