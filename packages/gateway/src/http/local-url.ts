/**
 * Returns the URL under which programs on this machine reach a server on `host`. Replaces wildcard addresses by
 * loopback.
 */
export function localUrl(host: string, port: number, scheme: 'http' | 'https' = 'http'): string {
  const unbracketed = host.replace(/^\[(.*)\]$/, '$1');
  const name =
    unbracketed === '0.0.0.0' || unbracketed === '' ? '127.0.0.1' : unbracketed === '::' ? '::1' : unbracketed;
  return `${scheme}://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
