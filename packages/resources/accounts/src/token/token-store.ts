import { timingSafeEqual } from 'node:crypto';
import type { Permission } from '@medkit/contract';
import type { Clock, Quota, Random } from '@medkit/edges';
import type { Statement } from '@medkit/store';
import { type AccountRecords, type FamilyRecord, MAX_RECORDS } from '../account-records.ts';
import type { TokenCredential } from '../credential/credential.ts';
import { isRefusal, type Refusal, refused } from '../credential/refusal.ts';
import { CLOCK_IS_SET_MS, type Principals } from '../principals.ts';
import { InvalidTokenSettings } from '../refusals.ts';
import type { AccountChanges, AccountStore } from '../storage/account-changes.ts';
import { deleteRows } from '../storage/row-statements.ts';
import { familiesOf, markRevoked, revokeStatements } from '../storage/token-families.ts';
import type { Users } from '../user/user.ts';
import { digestOf } from './client.ts';
import { configuredKey, type SigningKey, storedKey } from './signing-key.ts';
import type { Grant, Granted, TokenOptions, Tokens } from './token.ts';
import { tokenId } from './token-id.ts';
import { isTokenText, MAX_TOKEN_LENGTH, readToken, signToken, type TokenClaims } from './token-text.ts';
import { VerifiedTokens } from './verified-tokens.ts';

/** Maximum concurrent logins of one subject. A new login beyond it removes that subject's oldest one. */
const MAX_OF_SUBJECT = 2000;
/** Digest to compare with if the client does not exist; no secret has it. */
const NO_SECRET = new Uint8Array(32);

export interface TokenStoreOptions {
  readonly tokens: TokenOptions | undefined;
  readonly records: AccountRecords;
  readonly changes: AccountChanges;
  readonly store: AccountStore;
  readonly principals: Principals;
  readonly users: Users;
  readonly clock: Clock;
  readonly random: Random;
}

type NewLogin = { readonly subject: string; readonly permissions?: readonly Permission[] };

export class TokenStore implements Tokens {
  readonly #options: TokenStoreOptions;
  readonly #verified = new VerifiedTokens<TokenCredential>();
  #key: Promise<SigningKey> | undefined;

  constructor(options: TokenStoreOptions) {
    this.#options = options;
  }

  /** Limits logins by subject. If the table is full, the subject with the most logins loses its oldest. */
  get quota(): Quota {
    return this.#options.records.families.quota;
  }

  /** Throws `InvalidTokenSettings` if the settings do not allow tokens to be issued. */
  check(): void {
    const { tokens } = this.#options;
    if (!tokens) return;
    const { accessMs, refreshMs } = tokens;
    if (!(accessMs >= 1000) || !(refreshMs >= accessMs)) {
      throw new InvalidTokenSettings(
        'auth.refresh_token_expiry_seconds must not be less than auth.token_expiry_seconds, and both must be at least 1',
      );
    }
    const key = configuredKey(tokens.signing);
    if (key) this.#key = Promise.resolve(key);
  }

  identify(text: string): TokenCredential | Refusal | Promise<TokenCredential | Refusal> {
    const { tokens } = this.#options;
    if (text.length > MAX_TOKEN_LENGTH) return refused('malformed');
    const known = this.#verified.find(text);
    if (known) return known;
    if (!isTokenText(text)) return refused('malformed');
    return tokens ? this.#verify(text, tokens) : refused('no-tokens');
  }

  /** Clears the cache of verified tokens after permissions have changed. */
  forgetVerified(): void {
    this.#verified.clear();
  }

  async grant(grant: Grant, asker?: string): Promise<Granted | Refusal> {
    const { tokens, clock } = this.#options;
    if (!tokens) return refused('no-tokens');
    if (clock.wallMs() < CLOCK_IS_SET_MS) return refused('clock-not-set');
    if (grant.type === 'refresh_token') return this.#refresh(grant.refreshToken, tokens);
    const login = grant.type === 'password' ? await this.#user(grant, asker) : this.#client(grant);
    return isRefusal(login) ? login : this.#begin(login, tokens);
  }

  async revoke(text: string): Promise<string | undefined> {
    const { tokens, records, changes } = this.#options;
    const claims = tokens ? await this.#read(text, tokens) : refused('no-tokens');
    if (isRefusal(claims)) return undefined;
    return changes.runExclusive(async () => {
      const family = records.families.get(claims.family);
      if (!family || family.revoked || records.deniedTokens.has(claims.id)) return undefined;
      // If the list of denied tokens is full, revokes all tokens of the login.
      if (claims.type === 'refresh' || records.deniedTokens.size >= MAX_RECORDS.deniedTokens) {
        await this.#revokeFamily(family);
        return family.subject;
      }
      await changes.write([
        {
          sql: `INSERT INTO account_denied_tokens (id, ends_ms) VALUES (?, ?)
                ON CONFLICT (id) DO UPDATE SET ends_ms = excluded.ends_ms`,
          parameters: [claims.id, claims.expiresMs],
        },
      ]);
      records.deniedTokens.set(claims.id, claims.expiresMs);
      changes.notify();
      return family.subject;
    });
  }

  async #verify(text: string, tokens: TokenOptions): Promise<TokenCredential | Refusal> {
    const claims = await this.#read(text, tokens);
    if (isRefusal(claims)) return claims;
    if (claims.type !== 'access') return refused('wrong-type');
    const { id, expiresMs, subject, family, permissions } = claims;
    const credential: TokenCredential = {
      kind: 'jwt',
      id,
      expiresMs,
      subject,
      family,
      ...(permissions && { permissions }),
    };
    this.#verified.keep(text, credential);
    return credential;
  }

  async #read(text: string, tokens: TokenOptions): Promise<TokenClaims | Refusal> {
    return readToken(text, await this.#signingKey(), tokens, this.#options.clock);
  }

  async #user(
    { name, password, permissions }: Extract<Grant, { type: 'password' }>,
    asker: string | undefined,
  ): Promise<NewLogin | Refusal> {
    const user = await this.#options.users.verify(name, password, asker);
    return isRefusal(user) ? user : { subject: `user:${user.name}`, ...(permissions && { permissions }) };
  }

  #client(grant: Extract<Grant, { type: 'client_credentials' }>): NewLogin | Refusal {
    const { clientId, clientSecret, permissions } = grant;
    const client = this.#options.records.clients.get(clientId);
    const isRight = timingSafeEqual(digestOf(clientSecret), client?.secretDigest ?? NO_SECRET);
    if (!client) return refused('unknown');
    return isRight ? { subject: `client:${client.id}`, ...(permissions && { permissions }) } : refused('wrong-secret');
  }

  async #begin({ subject, permissions }: NewLogin, tokens: TokenOptions): Promise<Granted | Refusal> {
    const { records, changes, principals, clock, random } = this.#options;
    const key = await this.#signingKey();
    return changes.runExclusive(async () => {
      const principal = principals.ofSubject(subject);
      if (isRefusal(principal)) return principal;
      const nowMs = Math.round(clock.wallMs());
      const family: FamilyRecord = {
        ...{ id: tokenId(random), subject, refreshId: tokenId(random), revoked: false, createdMs: nowMs },
        endsMs: nowMs + tokens.refreshMs,
      };
      const refreshExpiresMs = nowMs + tokens.refreshMs;
      const subset = permissions && new Set(permissions);
      const granted = await this.#signed(
        { family, role: principal.role, nowMs, refreshExpiresMs, subset },
        key,
        tokens,
      );
      const gone = this.#tooMany(subject);
      await changes.write([
        ...deleteRows(
          'account_token_families',
          gone.map(({ id }) => id),
        ),
        familyStatement(family),
      ]);
      for (const { id } of gone) records.families.delete(id);
      records.families.set(family.id, family);
      if (gone.length > 0) changes.notify();
      return granted;
    }, subject);
  }

  async #refresh(text: string, tokens: TokenOptions): Promise<Granted | Refusal> {
    const { records, changes, principals, clock, random } = this.#options;
    const key = await this.#signingKey();
    const claims = await this.#read(text, tokens);
    if (isRefusal(claims)) return claims;
    if (claims.type !== 'refresh') return refused('wrong-type');
    return changes.runExclusive(async () => {
      const before = records.families.get(claims.family);
      if (!before || before.revoked) return refused('revoked');
      if (before.refreshId !== claims.id) {
        // Two clients have the token. The gateway cannot distinguish the thief from the victim, RFC 9700 4.14.2.
        await this.#revokeFamily(before);
        return refused('used-again');
      }
      const principal = principals.ofSubject(before.subject);
      if (isRefusal(principal)) return principal;
      const nowMs = Math.round(clock.wallMs());
      const rotation = tokens.rotation ?? true;
      const refreshExpiresMs = rotation ? nowMs + tokens.refreshMs : claims.expiresMs;
      const family: FamilyRecord = {
        ...before,
        refreshId: rotation ? tokenId(random) : before.refreshId,
        endsMs: Math.max(before.endsMs, refreshExpiresMs, nowMs + tokens.accessMs),
      };
      const said = { family, role: principal.role, nowMs, refreshExpiresMs, subset: claims.permissions };
      const granted = await this.#signed(said, key, tokens);
      await changes.write([familyStatement(family)]);
      records.families.set(family.id, family);
      return rotation ? granted : { ...granted, refreshToken: text };
    }, claims.subject);
  }

  async #signed(
    {
      family,
      role,
      nowMs,
      refreshExpiresMs,
      subset,
    }: {
      readonly family: FamilyRecord;
      readonly role: string;
      readonly nowMs: number;
      readonly refreshExpiresMs: number;
      readonly subset: ReadonlySet<Permission> | undefined;
    },
    key: SigningKey,
    tokens: TokenOptions,
  ): Promise<Granted> {
    const { subject } = family;
    const shared = { subject, role, family: family.id, issuedMs: nowMs, ...(subset && { permissions: subset }) };
    const access: TokenClaims = {
      ...shared,
      ...{ type: 'access', id: tokenId(this.#options.random), refreshId: family.refreshId },
      expiresMs: nowMs + tokens.accessMs,
    };
    const refresh: TokenClaims = { ...shared, type: 'refresh', id: family.refreshId, expiresMs: refreshExpiresMs };
    return {
      accessToken: await signToken(access, key, tokens),
      refreshToken: await signToken(refresh, key, tokens),
      expiresInSec: Math.floor(tokens.accessMs / 1000),
      ...{ role, subject },
    };
  }

  async #revokeFamily(family: FamilyRecord): Promise<void> {
    const { records, changes } = this.#options;
    await changes.write(revokeStatements([family]));
    markRevoked(records, [family]);
    changes.notify();
  }

  /** Returns the login to remove before another one begins. */
  #tooMany(subject: string): readonly FamilyRecord[] {
    const families = familiesOf(this.#options.records, subject);
    if (families.length >= MAX_OF_SUBJECT) return families.slice(0, 1);
    if (!this.quota.isFull) return [];
    return familiesOf(this.#options.records, this.quota.largestOwner() ?? subject).slice(0, 1);
  }

  #signingKey(): Promise<SigningKey> {
    const { store, clock, random, changes } = this.#options;
    this.#key ??= changes
      .runExclusive(() => storedKey(store, clock, random))
      .catch((error) => {
        // The disk may have recovered by the next call.
        this.#key = undefined;
        throw error;
      });
    return this.#key;
  }
}

function familyStatement({ id, subject, refreshId, revoked, createdMs, endsMs }: FamilyRecord): Statement {
  return {
    sql: `INSERT INTO account_token_families (id, subject, refresh_id, revoked, created_ms, ends_ms)
          VALUES (?, ?, ?, ?, ?, ?)
          ON CONFLICT (id) DO UPDATE SET refresh_id = excluded.refresh_id, ends_ms = excluded.ends_ms`,
    parameters: [id, subject, refreshId, revoked ? 1 : 0, createdMs, endsMs],
  };
}
