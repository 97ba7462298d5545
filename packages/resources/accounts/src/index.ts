/**
 * Authentication and authorization: roles, users with passwords, keys of programs, sessions of browsers and signed
 * tokens. Stored in a separate database and held in memory. The package knows no HTTP: it takes texts and returns
 * principals.
 */
export type { Accounts, AccountsOptions, DeclaredAccounts } from './accounts.ts';
export type {
  Credential,
  KeyCredential,
  ProviderAccount,
  ProviderCredential,
  SessionCredential,
  TokenCredential,
} from './credential/credential.ts';
export { isRefusal, type Refusal, type RefusalReason } from './credential/refusal.ts';
export type { ProviderGrant, RobotGrant } from './grant/grant.ts';
export { GRANT_TABLES } from './grant/grant.ts';
export { grantText } from './grant/grant-rows.ts';
export type { ApiKey, Keys, NewKey } from './key/key.ts';
export { openAccounts } from './open-accounts.ts';
export type { HashCost, PasswordHash } from './password/password-hash.ts';
export { passwordProblem } from './password/password-problem.ts';
export { openPasswords, type Passwords } from './password/passwords.ts';
export type { ProviderTokens } from './provider/provider.ts';
export * from './refusals.ts';
export { rolesOf } from './role/configured-roles.ts';
export type { RoleDefinition, Roles } from './role/role.ts';
export { type EntityPattern, parsePattern } from './scope/entity-pattern.ts';
export { formatScopes, parseScopes } from './scope/scope-text.ts';
export type { RenewableSession, Session, Sessions } from './session/session.ts';
export { type SetupCode, type SetupVerdict, setupCode } from './setup/setup-code.ts';
export { accountSecret } from './storage/account-secret.ts';
export { ACCOUNT_TABLES } from './storage/account-tables.ts';
export { type StreamTickets, streamTickets, TICKET_LIFE_MS } from './ticket/stream-tickets.ts';
export { type Client, clientsOf } from './token/client.ts';
export type { Grant, Granted, Signing, TokenOptions, Tokens } from './token/token.ts';
export type { DeclaredUser, NewUser, User, UserChange, Users } from './user/user.ts';
