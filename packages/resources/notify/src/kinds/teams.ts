import { shortened } from '@medkit/contract';
import type { Content } from '../message/content.ts';
import { jsonRequest, type ReceiverKind, type ShapedRequest } from './receiver-kind.ts';

/**
 * A message may have about 28 KB (learn.microsoft.com/connectors/teams): these limits leave enough room for all parts.
 */
const MAX_TITLE = 400;
const MAX_LINE = 300;
const COLOURS = ['accent', 'warning', 'attention', 'attention'];

export interface TeamsEndpoint {
  readonly type: 'teams';
  readonly url: string;
}

/**
 * Microsoft Teams workflow started by a webhook request, which accepts only Adaptive Cards
 * (learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors; adaptivecards.io/explorer). Uses text runs,
 * because text blocks would interpret texts of the robot as Markdown.
 */
export const teams: ReceiverKind<TeamsEndpoint> = {
  options: {},
  hasSecretUrl: true,
  requests,
};

function requests({ url }: TeamsEndpoint, content: Content): readonly ShapedRequest[] {
  const { news, ends, robot, headline, severity, facts, lines, link, acknowledgeUrl } = content;
  if (news === 'acknowledged' || news === 'refreshed') return [];
  const title = {
    type: 'TextRun',
    text: shortened(`${robot}: ${headline}`, MAX_TITLE),
    size: 'large',
    weight: 'bolder',
    color: ends ? 'good' : COLOURS[severity],
  };
  const rows = [
    ...facts.map(([name, value]) => [
      { type: 'TextRun', text: `${name}: `, weight: 'bolder' },
      { type: 'TextRun', text: shortened(value, MAX_LINE) },
    ]),
    ...lines.map((line) => [{ type: 'TextRun', text: shortened(line, MAX_LINE) }]),
  ];
  const actions = [
    ...(acknowledgeUrl === undefined ? [] : [{ type: 'Action.OpenUrl', title: 'Acknowledge', url: acknowledgeUrl }]),
    ...(link === undefined ? [] : [{ type: 'Action.OpenUrl', title: 'Open', url: link }]),
  ];
  const card = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [
      { type: 'RichTextBlock', inlines: [title] },
      ...rows.map((inlines) => ({ type: 'RichTextBlock', spacing: 'none', inlines })),
    ],
    ...(actions.length > 0 && { actions }),
  };
  const attachment = { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: card };
  return [jsonRequest(url, { type: 'message', attachments: [attachment] })];
}
