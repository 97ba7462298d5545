/**
 * Returns the URL under which programs on this machine reach a server on `host`. Replaces wildcard addresses by
 * loopback.
 */
export function localUrl(host: string, port: number, scheme: 'http' | 'https' = 'http'): string {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  const name = bare === '0.0.0.0' || bare === '' ? '127.0.0.1' : bare === '::' ? '::1' : bare;
  return `${scheme}://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
