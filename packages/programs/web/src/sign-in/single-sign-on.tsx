import { keepToken } from '../gateway/session.ts';
import { BASE_PATH } from '../routes/base-path.ts';
import { texts } from '../texts/texts.ts';

/** Leads to the identity provider, which leads back to `next`. Discards the token of this tab. */
export function SingleSignOn({ next }: { readonly next: string }) {
  const query = new URLSearchParams({ return_to: BASE_PATH + next });
  return (
    <section className="card stack sign-in-form">
      <h2>{texts.signIn.atProvider}</h2>
      <a
        className="button primary sign-in-action"
        href={`${BASE_PATH}/api/v1/auth/oidc/login?${query}`}
        onClick={() => keepToken(undefined)}
      >
        {texts.signIn.useProvider}
      </a>
    </section>
  );
}
