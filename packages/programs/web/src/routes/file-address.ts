const API = '/api/v1';
/** Any origin will do: what is asked is the path that a browser would ask for. */
const SOMEWHERE = 'http://page.invalid';

/** The address of a file of this gateway, which is told with and without what every address of the API begins with. */
export function fileAddress(href: string): string {
  return href.startsWith(`${API}/`) ? href : `${API}${href}`;
}

/** Where all that is kept of an incident is to be had as one file. */
export function exportAddress(incident: string): string {
  return `${API}/x-medkit-incidents/${encodeURIComponent(incident)}/export`;
}

/**
 * Whether an address is that of a file of this gateway: what may be downloaded and read. Addresses come from gateways and manifests:
 * one that leads out of the API, by whatever dots, is none.
 */
export function isFileHref(href: string): boolean {
  if (!/^\/api\/v1\/[^/\\][^\\]*$/.test(href)) return false;
  const url = URL.parse(href, SOMEWHERE);
  return url?.origin === SOMEWHERE && url.pathname.startsWith(`${API}/`);
}
