import { shortened } from '@medkit/contract';
import type { Content } from '../message/content.ts';
import { fitLines } from '../message/fit-lines.ts';
import { below, jsonRequest, type ReceiverKind, type ShapedRequest } from './receiver-kind.ts';

/** Maximum characters of a message after its markup is parsed (core.telegram.org/bots/api#sendmessage). */
const MAX_TEXT = 4096;
const MAX_LINE = 200;
const SIGNS = ['ℹ️', '⚠️', '⚠️', '🚨'];

export interface TelegramEndpoint {
  readonly type: 'telegram';
  readonly url: string;
  readonly token: string;
  readonly chat: string;
  readonly thread?: number;
}

/**
 * Telegram Bot API (core.telegram.org/bots/api#sendmessage, "HTML style"). Links are part of the text, because Telegram
 * rejects a message whose button has a non-Internet address.
 */
export const telegram: ReceiverKind<TelegramEndpoint> = {
  defaultUrl: 'https://api.telegram.org',
  options: { token: 'required', chat: 'required', thread: 'optional' },
  requests,
};

function requests({ url, token, chat, thread }: TelegramEndpoint, content: Content): readonly ShapedRequest[] {
  const { news, rings, ends, robot, headline, severity, facts, lines, link, acknowledgeUrl } = content;
  if (news === 'acknowledged' || news === 'refreshed') return [];
  const links = [
    ...(acknowledgeUrl === undefined ? [] : [anchor('Acknowledge', acknowledgeUrl)]),
    ...(link === undefined ? [] : [anchor('Open', link)]),
  ];
  const said = [
    `${ends ? '✅' : SIGNS[severity]} <b>${escaped(shortened(`${robot}: ${headline}`, 2 * MAX_LINE))}</b>`,
    ...facts.map(([name, value]) => `${name}: ${escaped(shortened(value, MAX_LINE))}`),
  ];
  const taken = [...said, ...links].reduce((sum, line) => sum + line.length + 3, 0);
  const list = fitLines(
    lines.map((line) => escaped(shortened(line, MAX_LINE))),
    MAX_TEXT - taken,
  );
  const body = {
    chat_id: chat,
    ...(thread !== undefined && { message_thread_id: thread }),
    text: [...said, ...(list === '' ? [] : [list]), ...(links.length > 0 ? [links.join(' · ')] : [])].join('\n'),
    parse_mode: 'HTML',
    disable_notification: !rings,
    link_preview_options: { is_disabled: true },
  };
  return [jsonRequest(below(url, `/bot${token}/sendMessage`), body)];
}

const anchor = (text: string, url: string): string => `<a href="${escaped(url).replaceAll('"', '&quot;')}">${text}</a>`;

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
