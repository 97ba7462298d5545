import { createHash } from 'node:crypto';
import { TextReply } from './text-reply.ts';

const STYLE =
  'body{font:18px/1.5 system-ui,sans-serif;max-width:34rem;margin:12vh auto;padding:0 1rem;color:#222;background:#fff}' +
  'button,a.button{font:inherit;padding:.7rem 1.4rem;border:0;border-radius:.4rem;color:#fff;background:#0b57d0;text-decoration:none}' +
  '@media(prefers-color-scheme:dark){body{color:#eee;background:#181818}}';

/** The page loads and runs nothing; a form leads here. Links from it send no referrer. */
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

export interface PlainPage {
  readonly status: number;
  readonly language: 'de' | 'en';
  /** Without characters that HTML needs escaped. */
  readonly heading: string;
  /** HTML: its texts are escaped. */
  readonly content: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Returns a page without scripts, for a browser that is not in the pages of the gateway. */
export function plainPage({ status, language, heading, content, headers }: PlainPage): TextReply {
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${heading}</title>`;
  const text = `<!doctype html><html lang="${language}"><head>${head}<style>${STYLE}</style></head><body><h1>${heading}</h1>${content}</body></html>`;
  return new TextReply(status, text, { ...HEADERS, ...headers }, 'text/html');
}
