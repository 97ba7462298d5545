import { shortened } from '@medkit/contract';
import type { Content } from '../message/content.ts';
import { shortenedToOctets } from '../message/one-line.ts';
import { jsonRequest, type ReceiverKind, type ShapedRequest } from './receiver-kind.ts';

/**
 * ntfy allows 4,096 bytes for a message (longer ones become attachments) and 1 KB for a title (docs.ntfy.sh/publish,
 * "Limitations").
 */
const MAX_MESSAGE_OCTETS = 4000;
const MAX_TITLE_OCTETS = 250;
/** The same limit as for topic names. */
const MAX_SEQUENCE = 64;
/** By severity; 3 is the default, 5 has the longest sound ("Message priority"). */
const PRIORITIES = [2, 3, 4, 5];
/** Priority without sound and vibration. */
const SILENT = 2;
const TAGS = ['information_source', 'warning', 'warning', 'rotating_light'];

export interface NtfyEndpoint {
  readonly type: 'ntfy';
  readonly url: string;
  readonly topic: string;
  readonly token?: string;
}

/**
 * ntfy, published as JSON (docs.ntfy.sh/publish, "Publish as JSON", "Action buttons", "Updating + deleting
 * notifications"). A message replaces an earlier one with the same `sequence_id`, and a replacement may be silent. So
 * each alert has a separate sequence, in which its heal replaces it.
 */
export const ntfy: ReceiverKind<NtfyEndpoint> = {
  defaultUrl: 'https://ntfy.sh',
  options: { topic: 'required', token: 'optional' },
  optionProblem: (option, value) =>
    option === 'topic' && !/^[-_A-Za-z0-9]{1,64}$/.test(value)
      ? 'a topic must have 1 to 64 letters, digits, - or _'
      : undefined,
  requests,
};

function requests({ url, topic, token }: NtfyEndpoint, content: Content): readonly ShapedRequest[] {
  const { news, rings, ends, robot, headline, severity, facts, lines, link, acknowledgeUrl, ringKey } = content;
  if (news === 'acknowledged' || news === 'refreshed') return [];
  const text = [...facts.map(([name, value]) => `${name}: ${value}`), ...lines].join('\n');
  const actions = [
    ...(acknowledgeUrl === undefined
      ? []
      : [{ action: 'http', label: 'Acknowledge', url: acknowledgeUrl, method: 'POST', clear: true }]),
    ...(link === undefined ? [] : [{ action: 'view', label: 'Open', url: link }]),
  ];
  const body = {
    topic,
    sequence_id: ringKey.slice(-MAX_SEQUENCE),
    title: shortenedToOctets(`${robot}: ${headline}`, MAX_TITLE_OCTETS),
    message: shortenedToOctets(text || shortened(headline, 200), MAX_MESSAGE_OCTETS),
    priority: rings ? PRIORITIES[severity] : SILENT,
    tags: [ends ? 'white_check_mark' : TAGS[severity]],
    ...(link !== undefined && { click: link }),
    ...(actions.length > 0 && { actions }),
  };
  return [jsonRequest(url, body, { token })];
}
