/** Any origin will do: what is asked is the path that a browser would ask for. */
const SOMEWHERE = 'http://page.invalid';

/**
 * Whether an address is that of a file of this gateway: what may be downloaded and read. Addresses come from gateways and manifests:
 * one that leads out of the API, by whatever dots, is none.
 */
export function isFileHref(href: string): boolean {
  if (!/^\/api\/v1\/[^/\\][^\\]*$/.test(href)) return false;
  const url = URL.parse(href, SOMEWHERE);
  return url?.origin === SOMEWHERE && url.pathname.startsWith('/api/v1/');
}
