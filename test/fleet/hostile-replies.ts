import type { IncomingMessage, ServerResponse } from 'node:http';

/** A page that reports that it ran, in every way that a robot may try. */
export const SCRIPT = '<script>document.title="harmed";fetch("/harmed")</script>';
const SVG = `<svg xmlns="http://www.w3.org/2000/svg"><script>${'document.title="harmed"'}</script></svg>`;

/** Bodies of a hostile robot by name, with the type that it claims. */
export const BODIES: Readonly<Record<string, readonly [type: string | undefined, body: string]>> = {
  page: ['text/html', SCRIPT],
  capitals: ['Text/HTML; charset=utf-7', SCRIPT],
  picture: ['image/svg+xml', SVG],
  xml: ['application/xml', SVG],
  xhtml: ['application/xhtml+xml', `<html xmlns="http://www.w3.org/1999/xhtml">${SCRIPT}</html>`],
  stylesheet: ['text/xsl', SVG],
  program: ['text/javascript', 'document.title="harmed"'],
  worker: ['application/javascript', 'self.onfetch=()=>0'],
  style: ['text/css; charset=utf-8', 'body{background:url(/harmed)}'],
  paper: ['application/pdf', '%PDF-1.4'],
  parts: ['multipart/x-mixed-replace; boundary=b', `--b\r\ncontent-type: text/html\r\n\r\n${SCRIPT}\r\n--b--`],
  mail: ['message/rfc822', `content-type: text/html\r\n\r\n${SCRIPT}`],
  nothing: ['', SCRIPT],
  nonsense: ['nonsense', SCRIPT],
  two: ['application/json, text/html', SCRIPT],
  pretender: ['application/jsonp', `alert(${SCRIPT})`],
  untyped: [undefined, SCRIPT],
  plain: ['text/plain', SCRIPT],
  json: ['application/json', JSON.stringify({ page: SCRIPT })],
};

/** Types that a browser displays without running anything, given that it does not guess the type. */
export const DISPLAYED = new Set(['untyped', 'plain', 'json']);

/** Headers with which a robot would act for the hub, none of which may reach the browser. */
export const HOSTILE_HEADERS: Readonly<Record<string, string>> = {
  'set-cookie': 'medkit=stolen; path=/',
  'access-control-allow-origin': '*',
  'access-control-allow-credentials': 'true',
  'clear-site-data': '"*"',
  'content-security-policy': 'default-src *',
  'x-content-type-options': 'sniff',
  'content-disposition': 'inline; filename="a.html"',
  'service-worker-allowed': '/',
  'strict-transport-security': 'max-age=0',
  'www-authenticate': 'Basic realm="the hub"',
  refresh: '0; url=https://foreign.example/',
  link: '</harmed>; rel=preload',
  location: 'https://foreign.example/api/v2/x',
};

/** Answers `/api/v1/apps/evil/data/{name}`, optionally with `?status=`, as a hostile robot. */
export function answerHostile(request: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://robot');
  const [type, body] = BODIES[pathname.split('/').at(-1) ?? ''] ?? [undefined, ''];
  const status = Number(searchParams.get('status') ?? 200);
  response.writeHead(status, { ...HOSTILE_HEADERS, ...(type !== undefined && { 'content-type': type }) });
  response.end(body);
}
