const API = '/api/v1';

/** The address of a file of this gateway, which is told with and without what every address of the API begins with. */
export function fileAddress(href: string): string {
  return href.startsWith(`${API}/`) ? href : `${API}${href}`;
}

/** Where all that is kept of an incident is to be had as one file. */
export function exportAddress(incident: string): string {
  return `${API}/x-medkit-incidents/${encodeURIComponent(incident)}/export`;
}
