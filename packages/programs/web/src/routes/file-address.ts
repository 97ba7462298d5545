const API = '/api/v1';
/** Any origin works: only the resolved path is checked. */
const SOMEWHERE = 'http://page.invalid';

/** Returns the path of a file of this gateway. Accepts it with and without the API prefix. */
export function fileAddress(href: string): string {
  return href.startsWith(`${API}/`) ? href : `${API}${href}`;
}

/** Returns the path of the export of an incident as one file. */
export function exportAddress(incident: string): string {
  return `${API}/x-medkit-incidents/${encodeURIComponent(incident)}/export`;
}

/** Returns the path of the file of evidence that a hub stores. */
export function evidenceFileAddress(evidence: string): string {
  return `${API}/x-medkit-fleet/evidence/${encodeURIComponent(evidence)}/file`;
}

/**
 * Returns whether a path is a file of this gateway, which may be downloaded and read. Paths come from gateways and
 * manifests, so paths that leave the API by dot segments are rejected.
 */
export function isFileHref(href: string): boolean {
  if (!/^\/api\/v1\/[^/\\][^\\]*$/.test(href)) return false;
  const url = URL.parse(href, SOMEWHERE);
  return url?.origin === SOMEWHERE && url.pathname.startsWith(`${API}/`);
}
