import { type Client, createClient } from '@medkit/client';

/** Creates a client for a fake gateway that serves only these resources, by path below `/api/v1`. */
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
