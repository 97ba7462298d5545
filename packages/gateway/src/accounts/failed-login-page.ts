import { API_BASE, type SovdError } from '@medkit/contract';
import { escapeHtml } from '../http/escape-html.ts';
import { plainPage } from '../http/plain-page.ts';
import type { TextReply } from '../http/text-reply.ts';

type Language = 'de' | 'en';

const TEXTS: Readonly<Record<Language, Readonly<Record<'heading' | 'later' | 'retry' | 'start', string>>>> = {
  en: { heading: 'Login failed', later: 'Try again in', retry: 'Log in again', start: 'Start page' },
  de: {
    heading: 'Anmeldung fehlgeschlagen',
    later: 'Erneut versuchen in',
    retry: 'Erneut anmelden',
    start: 'Startseite',
  },
};

/**
 * Returns the page for a user whose login at the identity provider failed.
 *
 * @param home path of the start page
 */
export function failedLoginPage(error: SovdError, home: string, languages: string | undefined): TextReply {
  const language = languageOf(languages);
  const { heading, later, retry, start } = TEXTS[language];
  const { message, status, parameters } = error;
  const waitSec = Number(parameters?.['retry_after'] ?? 0);
  const wait = waitSec > 0 ? `<p>${later} ${waitSec} s.</p>` : '';
  // The reason is in English, as in the log and in the API.
  const reason = `<p lang="en">${escapeHtml(message)}</p>${wait}`;
  const links = `<p><a class="button" href="${escapeHtml(`${home}${API_BASE.slice(1)}/auth/oidc/login`)}">${retry}</a></p>
<p><a href="${escapeHtml(home)}">${start}</a></p>`;
  const headers: Readonly<Record<string, string>> = waitSec > 0 ? { 'Retry-After': String(waitSec) } : {};
  return plainPage({ status, language, heading, content: reason + links, headers });
}

/** Returns the first language of the browser that the page has; browsers name the preferred one first. */
function languageOf(languages = ''): Language {
  const tags = languages.slice(0, 200).split(',', 20);
  return tags.map((tag) => tag.trim().slice(0, 2).toLowerCase()).find((tag) => tag === 'de' || tag === 'en') ?? 'en';
}
