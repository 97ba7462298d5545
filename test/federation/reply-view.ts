import type { Step } from './route-requests.ts';

/** The parts of a reply that matter to a client, with the ids of the entity's own gateway. */
export interface ReplyView {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | null>>;
  readonly body: unknown;
}

const HEADERS = [
  'accept-ranges',
  'allow',
  'cache-control',
  'content-disposition',
  'content-range',
  'content-type',
  'location',
  'retry-after',
];

/** Sends a request for the entity with address `of` to a gateway; `saved` are ids of created resources. */
export async function replyTo(base: string, of: string, request: Step, saved: Map<string, string>): Promise<ReplyView> {
  const { method, body, form, saves, headers = {} } = request;
  const path = request.path.replaceAll(/\{(\w+)\}/g, (_whole, name) => saved.get(name) ?? name);
  const data = new FormData();
  for (const [name, text] of Object.entries(form ?? {})) data.append('file', new Blob([text]), name);
  const json = typeof body === 'function' ? body(of) : body;
  const reply = await fetch(`${base}${of}${path}`, {
    method,
    headers: { ...headers, ...(json !== undefined && { 'content-type': 'application/json' }) },
    ...(form ? { body: data } : json !== undefined && { body: JSON.stringify(json) }),
  });
  const isStream = reply.headers.get('content-type')?.startsWith('text/event-stream') === true;
  if (isStream) await reply.body?.cancel();
  const text = isStream ? '' : await reply.text();
  const isJson = reply.headers.get('content-type')?.includes('json') === true && text !== '';
  if (saves !== undefined && isJson) saved.set(saves, String(JSON.parse(text).id));
  return {
    status: reply.status,
    headers: Object.fromEntries(HEADERS.map((name) => [name, here(reply.headers.get(name))])),
    body: isJson ? plain(JSON.parse(text)) : text,
  };
}

/** Returns a text without the prefix of the robot's gateway and without the digits of file names. */
export const here = (text: string | null) =>
  text?.replaceAll(/yard__/g, '').replaceAll(/maps_\d+_[0-9a-f]+/g, '<file>') ?? null;

/** Removes values that differ each time: times, durations, and names derived from them. */
function plain(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => plain(item));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member, key)]));
  if (/(?:^|_)(?:at|ms|time|timestamp|date|expiration|expires|duration|sec)$|^timestamp/.test(name)) return `<${name}>`;
  if (typeof value !== 'string') return value;
  return here(value)
    ?.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<moment>')
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '<uuid>');
}
