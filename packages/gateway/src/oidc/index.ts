export { fetchDocument } from './fetch-document.ts';
export type { ProviderDocument } from './provider-document.ts';
export { type IssuedTokens, requestTokens, sendForm, TokenRefused } from './token-request.ts';
