import type { WebhookTarget } from '@medkit/contract';

/** `Name: value`; the name is a token of RFC 9110, 5.6.2. */
const HEADER = /^([!#$%&'*+.^_`|~\w-]+):\s*(.*)$/;

/** Returns the target in the form of a test, without empty fields; `undefined` if the header is not `Name: value`. */
export function webhookOf(form: FormData): WebhookTarget | undefined {
  const text = (name: string): string => String(form.get(name) ?? '').trim();
  const header = HEADER.exec(text('header'));
  if (text('header') !== '' && !header) return undefined;
  const [, name = '', value = ''] = header ?? [];
  return {
    url: text('url'),
    ...(text('secret') !== '' && { secret: text('secret') }),
    ...(header && { headers: { [name]: value } }),
  };
}
