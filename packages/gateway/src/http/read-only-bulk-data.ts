import { API_BASE, SovdError } from '@medkit/contract';
import type { FastifyInstance } from 'fastify';

/** Says what is wrong with uploading to, or deleting from, entities whose bulk data is that of their members. */
export function readOnlyBulkData(app: FastifyInstance): void {
  for (const collection of ['areas', 'functions']) {
    const url = `${API_BASE}/${collection}/:id/bulk-data/:category`;
    // Before the body is looked at: no octet of an upload is waited for.
    app.post(url, { onRequest: refuse }, refuse);
    app.delete(`${url}/:item`, refuse);
  }
}

async function refuse(): Promise<never> {
  throw new SovdError({
    code: 'invalid-request',
    status: 405,
    message:
      'Bulk data of areas and functions is that of their members: upload to, or delete from, a component or an app',
  });
}
