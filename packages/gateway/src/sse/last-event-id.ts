/** The number in `Last-Event-ID`; `undefined` where the header is absent or no number, as if the client had seen nothing. */
export function lastEventId(header: string | string[] | undefined): number | undefined {
  return typeof header === 'string' && /^\d+$/.test(header) ? Number(header) : undefined;
}
