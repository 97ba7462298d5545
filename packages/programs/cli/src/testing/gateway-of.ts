import { type Client, createClient } from '@medkit/client';

/** A client of a gateway that has these resources, by their paths behind `/api/v1`, and no others. */
export function gatewayOf(resources: Readonly<Record<string, unknown>>): Client {
  return createClient({
    url: 'robot',
    send: async (url) => {
      const path = decodeURIComponent(url.replace('http://robot:8080/api/v1', ''));
      if (Object.hasOwn(resources, path)) return Response.json(resources[path]);
      return Response.json({ error_code: 'resource-not-found', message: `No ${path}` }, { status: 404 });
    },
  });
}
