import type { ProviderCredential } from '../credential/credential.ts';
import { isRefusal, type Refusal } from '../credential/refusal.ts';
import { VerifiedTokens } from '../token/verified-tokens.ts';
import type { ProviderTokens } from './provider.ts';

/** Tokens of an identity provider, each verified once. */
export interface ProviderIdentities {
  /** Returns `undefined` if the text is no token of this provider. */
  identify(text: string): ProviderCredential | Promise<ProviderCredential | Refusal> | undefined;
  /** Verifies all tokens again at their next use. */
  forget(): void;
}

/** Caches the tokens that were verified; refusals are not cached, since keys of the provider may arrive later. */
export function verifiedOnce(provider: ProviderTokens): ProviderIdentities {
  const verified = new VerifiedTokens<ProviderCredential>();
  const verify = async (text: string) => {
    const credential = await provider.verify(text);
    if (!isRefusal(credential)) verified.keep(text, credential);
    return credential;
  };
  return {
    identify: (text) => verified.find(text) ?? (provider.isFrom(text) ? verify(text) : undefined),
    forget: () => verified.clear(),
  };
}
