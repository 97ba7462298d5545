import { extname, join } from 'node:path';
import { Readable } from 'node:stream';
import { SovdError } from '@medkit/contract';
import type { Files } from '@medkit/edges';
import type { FastifyInstance } from 'fastify';
import { putStaticFile } from '../http/chain.ts';
import { acceptsCoding, addVary } from '../http/content-coding.ts';
import { boundPage } from './page-headers.ts';

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Compressed copies that the build of the pages creates, smallest first. */
const COPIES = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;

/** File names contain a digest of the content: the content of a name never changes. */
const FOR_GOOD = 'public, max-age=31536000, immutable';

/**
 * Serves `/assets/<name>`: scripts, styles and pictures of the pages, from `assets` in `folder`. Only names in that
 * folder are found; files are read on request.
 */
export function assetRoute(files: Pick<Files, 'list' | 'read' | 'stateOf'>, folder: string) {
  const assets = join(folder, 'assets');
  return (app: FastifyInstance): void => {
    putStaticFile(app, '/assets/:name', async (request, reply) => {
      const { name } = request.params as { readonly name: string };
      const type = MEDIA_TYPES[extname(name)];
      const entries = await files.list(assets);
      const there = new Set(entries.filter(({ isDirectory }) => !isDirectory).map((entry) => entry.name));
      if (type === undefined || !there.has(name)) throw assetNotFound();
      const copies = COPIES.filter(([, ending]) => there.has(name + ending));
      const [coding, ending] = copies.find(([each]) => acceptsCoding(request, each)) ?? [undefined, ''];
      const path = join(assets, name + ending);
      const state = await files.stateOf(path);
      // The pages may have been rebuilt since the folder was read.
      if (!state?.isFile) throw assetNotFound();
      boundPage(reply).headers({
        'Content-Type': type,
        'Content-Length': String(state.bytes),
        'Cache-Control': FOR_GOOD,
        ...(copies.length > 0 && { Vary: addVary(reply.getHeader('Vary')) }),
        ...(coding && { 'Content-Encoding': coding }),
      });
      // An empty stream for HEAD: nothing is read, and the length stays that of the file.
      const octets = request.method === 'HEAD' ? [] : files.read(path);
      return reply.send(Readable.from(octets, { objectMode: false }));
    });
  };
}

function assetNotFound(): SovdError {
  return new SovdError({ code: 'resource-not-found', message: 'Asset not found' });
}
