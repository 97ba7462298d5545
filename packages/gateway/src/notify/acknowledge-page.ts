import { createHash } from 'node:crypto';
import { escapeHtml } from '../http/escape-html.ts';
import { TextReply } from '../http/text-reply.ts';

const STYLE =
  'body{font:18px/1.5 system-ui,sans-serif;max-width:34rem;margin:12vh auto;padding:0 1rem;color:#222;background:#fff}' +
  'button{font:inherit;padding:.7rem 1.4rem;border:0;border-radius:.4rem;color:#fff;background:#0b57d0}' +
  '@media(prefers-color-scheme:dark){body{color:#eee;background:#181818}}';

/** The page loads and runs nothing; its one form leads here. Links from it send no referrer. */
const HEADERS = {
  'Content-Security-Policy': [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'Referrer-Policy': 'no-referrer',
  'X-Robots-Tag': 'noindex',
  'X-Content-Type-Options': 'nosniff',
};

export interface PageIncident {
  readonly robot: string;
  readonly title: string;
}

/** Returns the page of a link: one button, so that link previews do not acknowledge. */
export function confirmationPage({ robot, title }: PageIncident): TextReply {
  const button = '<form method="post"><button>Acknowledge</button></form>';
  return page(200, 'Acknowledge', `<p><b>${escapeHtml(robot)}</b>: ${escapeHtml(title)}</p>${button}`);
}

export function donePage({ robot, title }: PageIncident): TextReply {
  const says = 'You have acknowledged the incident. No further alerts are sent unless its severity increases.';
  return page(200, 'Acknowledged', `<p><b>${escapeHtml(robot)}</b>: ${escapeHtml(title)}</p><p>${says}</p>`);
}

export function usedLinkPage(): TextReply {
  return page(200, 'Acknowledged', '<p>This link was already used: the incident is acknowledged.</p>');
}

export function unknownPage(): TextReply {
  return page(404, 'Invalid link', '<p>This link has expired or is invalid. Open the incidents of the robot.</p>');
}

function page(status: number, heading: string, content: string): TextReply {
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${heading}</title>`;
  const text = `<!doctype html><html lang="en"><head>${head}<style>${STYLE}</style></head><body><h1>${heading}</h1>${content}</body></html>`;
  return new TextReply(status, text, HEADERS);
}
