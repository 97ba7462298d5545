import type { Webhook } from '../webhook.ts';
import { headerProblem } from './header-problem.ts';
import { secretProblem } from './secret.ts';

const MAX_URL_LENGTH = 2048;

/** Returns why `webhook` is invalid, apart from its IP address; `undefined` if it is valid. */
export function webhookProblem({ url, secret, headers = {} }: Webhook): string | undefined {
  return urlProblem(url) ?? (secret === undefined ? undefined : secretProblem(secret)) ?? headerProblem(headers);
}

function urlProblem(text: string): string | undefined {
  if (text.length > MAX_URL_LENGTH) return `The URL is longer than ${MAX_URL_LENGTH} characters`;
  if (!URL.canParse(text)) return 'The URL is not absolute, such as `https://receiver.example/medkit`';
  const { protocol, username, password, hostname } = new URL(text);
  if (protocol !== 'https:' && protocol !== 'http:') return 'The URL does not begin with `https:` or `http:`';
  if (hostname === '') return 'The URL names no host';
  if (username !== '' || password !== '') {
    return 'The URL contains a user or a password: put credentials into a header';
  }
  // Also rejects an empty fragment, which the parsed URL does not show.
  return text.includes('#') ? 'The URL has a fragment, which is never sent' : undefined;
}
