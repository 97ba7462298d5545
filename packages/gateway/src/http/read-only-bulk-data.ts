import { API_BASE, SovdError } from '@medkit/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Rejects uploads to, and deletions from, entities whose bulk data is that of their members. */
export function readOnlyBulkData(app: FastifyInstance): void {
  for (const collection of ['areas', 'functions']) {
    const url = `${API_BASE}/${collection}/:id/bulk-data/:category`;
    // In `onRequest`: before the body of an upload is read.
    const config = { refused: true, permission: 'files.write' } as const;
    app.post(url, { onRequest: refuse, config }, refuse);
    app.delete(`${url}/:item`, { config }, refuse);
  }
}

async function refuse(_request: FastifyRequest, reply: FastifyReply): Promise<never> {
  reply.header('Allow', 'GET, HEAD');
  throw new SovdError({
    code: 'invalid-request',
    status: 405,
    message:
      'Bulk data of areas and functions belongs to their members: upload to or delete from a component or an app',
  });
}
