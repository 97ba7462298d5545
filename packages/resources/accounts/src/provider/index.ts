/** Tokens of an identity provider. Loaded only if one is configured. */
export type { JSONWebKeySet, JWK } from 'jose';
export type { ProviderAccount } from '../credential/credential.ts';
export type { ProviderKeys, ProviderLogins, ProviderOptions } from './provider.ts';
export { providerTokens } from './provider-token.ts';
