/** Tokens of an identity provider. Loaded only if one is configured. */
export type { JSONWebKeySet, JWK } from 'jose';
export type { ProviderKeys, ProviderOptions } from './provider.ts';
export { providerTokens } from './provider-token.ts';
