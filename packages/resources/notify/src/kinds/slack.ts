import { shortened } from '@medkit/contract';
import type { Content } from '../message/content.ts';
import { fitLines } from '../message/fit-lines.ts';
import { jsonRequest, type ReceiverKind, type ShapedRequest } from './receiver-kind.ts';

/**
 * Maximum characters of a header block and of a section; a field has 2,000 (docs.slack.dev/reference/block-kit/blocks).
 */
const MAX_HEADER = 150;
const MAX_SECTION = 3000;
/** Maximum characters before escaping, which turns one character into up to five. */
const MAX_LINE = 300;
/** Maximum fields of a section. */
const MAX_FIELDS = 10;
const MAX_URL = 3000;
const SIGNS = [':information_source:', ':warning:', ':warning:', ':rotating_light:'];

export interface SlackEndpoint {
  readonly type: 'slack';
  readonly url: string;
}

/**
 * Slack incoming webhook with Block Kit (docs.slack.dev/messaging/sending-messages-using-incoming-webhooks). Slack
 * shows `text` in notifications. An incoming webhook cannot change an earlier message, so each message is new.
 */
export const slack: ReceiverKind<SlackEndpoint> = {
  options: {},
  hasSecretUrl: true,
  requests,
};

function requests({ url }: SlackEndpoint, content: Content): readonly ShapedRequest[] {
  const { news, ends, robot, headline, severity, facts, lines, link, acknowledgeUrl } = content;
  if (news === 'acknowledged' || news === 'refreshed') return [];
  const sign = ends ? ':white_check_mark:' : SIGNS[severity];
  const title = `${robot}: ${headline}`;
  const fields = facts
    .slice(0, MAX_FIELDS)
    .map(([name, value]) => ({ type: 'mrkdwn', text: `*${name}*\n${escaped(shortened(value, MAX_LINE))}` }));
  const list = fitLines(
    lines.map((line) => escaped(shortened(line, MAX_LINE))),
    MAX_SECTION,
  );
  const buttons = [
    ...(acknowledgeUrl === undefined ? [] : [button('Acknowledge', acknowledgeUrl, 'primary')]),
    ...(link === undefined ? [] : [button('Open', link)]),
  ];
  const blocks = [
    { type: 'header', text: { type: 'plain_text', text: shortened(title, MAX_HEADER), emoji: false } },
    ...(fields.length > 0 ? [{ type: 'section', fields }] : []),
    ...(list === '' ? [] : [{ type: 'section', text: { type: 'mrkdwn', text: list } }]),
    ...(buttons.length > 0 ? [{ type: 'actions', elements: buttons }] : []),
  ];
  return [jsonRequest(url, { text: `${sign} ${escaped(shortened(title, MAX_LINE))}`, blocks })];
}

function button(text: string, url: string, style?: 'primary') {
  const action_id = `medkit_${text.toLowerCase()}`;
  return {
    type: 'button',
    action_id,
    text: { type: 'plain_text', text },
    url: shortened(url, MAX_URL),
    ...(style && { style }),
  };
}

/** Escapes the three characters with a special meaning in Slack ("Formatting message text"). */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
