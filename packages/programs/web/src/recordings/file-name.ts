/** Returns the file name for saving a recording: the last segment of its URL with the usual extension of the format. */
export function fileName(href: string, format = 'mcap'): string {
  const last = href.slice(href.lastIndexOf('/') + 1).replaceAll(/%[0-9A-Fa-f]{2}|[^\w.-]/g, '_');
  const ending = format === 'sqlite3' ? '.db3' : '.mcap';
  return last.endsWith(ending) ? last : `${last || 'recording'}${ending}`;
}
