/** Where a program of this machine reaches what listens on `host`: an address that stands for all is none to ask. */
export function localUrl(host: string, port: number, scheme: 'http' | 'https' = 'http'): string {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  const name = bare === '0.0.0.0' || bare === '' ? '127.0.0.1' : bare === '::' ? '::1' : bare;
  return `${scheme}://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
