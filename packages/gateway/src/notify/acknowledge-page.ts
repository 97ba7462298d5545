import { escapeHtml } from '../http/escape-html.ts';
import { plainPage } from '../http/plain-page.ts';
import type { TextReply } from '../http/text-reply.ts';

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

const page = (status: number, heading: string, content: string): TextReply =>
  plainPage({ status, language: 'en', heading, content });
