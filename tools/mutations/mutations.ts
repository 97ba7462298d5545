// biome-ignore-all lint/suspicious/noTemplateCurlyInString: rules are source text
/**
 * A change of one security rule that a unit test beside the rule must detect. The table is written by hand: each entry is a
 * mistake that a person could make, and none is equivalent to the rule.
 */
export interface Mutation {
  /** The source, relative to the repository. */
  readonly file: string;
  /** A text that occurs once in the source. */
  readonly rule: string;
  readonly mutant: string;
  /** The unit tests beside the rule, relative to the repository; one of them must fail. */
  readonly tests: readonly string[];
}

type Change = readonly [rule: string, mutant: string];

function mutationsOf(file: string, tests: readonly string[], changes: readonly Change[]): readonly Mutation[] {
  return changes.map(([rule, mutant]) => ({ file, rule, mutant, tests }));
}

const SECURITY = 'packages/gateway/src/security';
const ACCOUNTS = 'packages/resources/accounts/src';
const PEER = 'packages/runtimes/peer/src';

const OF_SECURITY: readonly Mutation[] = [
  ...mutationsOf(
    `${SECURITY}/delegation.ts`,
    [`${SECURITY}/delegation.test.ts`],
    [
      [
        "!ALONE.includes(principal.kind) && principal.permissions.has('impersonate')",
        '!ALONE.includes(principal.kind)',
      ],
      [
        "!ALONE.includes(principal.kind) && principal.permissions.has('impersonate')",
        "principal.permissions.has('impersonate')",
      ],
      ['/^[\\w.@:+-]{1,128}$/.test(name) ? name', 'true ? name'],
      ["kind === 'anonymous' && permissions.size === ALL_PERMISSIONS.size", "kind === 'anonymous'"],
      ['if (said.length > MAX_HEADER_LENGTH) return new Set();', ''],
      ['.filter((permission) => granted.has(permission))', ''],
      ["if (granted.has('impersonate')) allowed.add('impersonate');", ''],
      ["|| principal.kind === 'anonymous')", ')'],
    ],
  ),
  ...mutationsOf(
    `${SECURITY}/authorise.ts`,
    [`${SECURITY}/authorise.test.ts`],
    [
      ["need === 'public' || permissions.has(need)", "need === 'public' || permissions.size > 0"],
      ["need === 'public' || permissions.has(need)", 'permissions.has(need as never)'],
      ["if (kind === 'anonymous') {", 'if (false) {'],
    ],
  ),
  ...mutationsOf(
    `${SECURITY}/admission.ts`,
    [`${SECURITY}/admission.test.ts`],
    [
      ["if (now.id !== principal.id) return 'revoked';", ''],
      ["isAuthorised(now, need) ? undefined : 'scope-changed'", 'undefined'],
      ["if (!hasSameScopes(now, principal)) return 'scope-changed';", ''],
      ["if (isInScope?.() === false) return 'scope-changed';", ''],
      ["now.refused === 'expired' ? 'expired' : 'revoked'", 'undefined'],
    ],
  ),
  ...mutationsOf(
    `${SECURITY}/host-names.ts`,
    [`${SECURITY}/security.test.ts`],
    [
      ['isIP(name) !== 0 || names.has(name)', 'true'],
      ['if (named > 1) return false;', ''],
      ['authority !== undefined && authority.toLowerCase() === headers.host?.toLowerCase()', 'authority !== undefined'],
    ],
  ),
  ...mutationsOf(
    `${SECURITY}/origin.ts`,
    [`${SECURITY}/origin.test.ts`],
    [
      ["origin.replace(/^https?:\\/\\//, '') === host", 'origin.endsWith(host)'],
      ["isReading && followsLink ? 'own' : 'foreign'", "followsLink ? 'own' : 'foreign'"],
      [
        "site === 'same-origin' || site === 'none'",
        "site === 'same-origin' || site === 'same-site' || site === 'none'",
      ],
      ["return allowed(origin) ? 'allowed' : 'foreign';", "return 'allowed';"],
    ],
  ),
  ...mutationsOf(
    `${SECURITY}/session-cookie.ts`,
    [`${SECURITY}/session-cookie.test.ts`],
    [
      ['if (!isReading && !isOfThisOrigin(asking)) throw foreignRequest();', ''],
      ['HttpOnly; ', ''],
      ['SameSite=Strict', 'SameSite=Lax'],
      ["? '; Secure' : ''", "? '' : ''"],
      ["return site === 'same-origin' || site === 'none';", "return site !== 'cross-site';"],
      ["origin.replace(/^https?:\\/\\//, '') === host", 'origin.endsWith(host)'],
      ['pair.trimStart().startsWith(start)', 'pair.includes(start)'],
    ],
  ),
  ...mutationsOf(
    `${SECURITY}/token.ts`,
    [`${SECURITY}/security.test.ts`],
    [['presented !== undefined && timingSafeEqual(digest(presented), expected)', 'presented !== undefined']],
  ),
  ...mutationsOf(
    `${SECURITY}/identify.ts`,
    [`${SECURITY}/identify.test.ts`, `${SECURITY}/guest.test.ts`],
    [
      [
        "if (method !== 'GET' || !query.includes('ticket=')) return undefined;",
        "if (!query.includes('ticket=')) return undefined;",
      ],
      ['isGuest && !READING.has(method) ? STRANGER : others', 'others'],
      ['if (admitted.delete(digest(authorization))) notify();', 'admitted.delete(digest(authorization));'],
      [
        'andThen(ofHeader(authorization, asking.method), (found) => restrictIdentity(asking, found))',
        'ofHeader(authorization, asking.method)',
      ],
      ['{ none: ANYBODY, write: GUEST, all: STRANGER }', '{ none: ANYBODY, write: ANYBODY, all: STRANGER }'],
      ["(hasCredentials ? 'all' : 'none')", "'none'"],
      ["return admitted.get(credential.id) ?? { refused: 'revoked' };", 'return admitted.get(credential.id) ?? TOKEN;'],
    ],
  ),
  ...mutationsOf(
    `${SECURITY}/cors.ts`,
    [`${SECURITY}/security.test.ts`],
    [["origins.has('*') || origins.has(origin)", 'true']],
  ),
  ...mutationsOf(
    `${SECURITY}/trusted-proxies.ts`,
    [`${SECURITY}/trusted-proxies.test.ts`],
    [['address !== undefined && isTrusted(address)', 'address !== undefined']],
  ),
  ...mutationsOf(
    'packages/gateway/src/http/gate.ts',
    [`${SECURITY}/security.test.ts`, 'packages/gateway/src/http/gate.test.ts'],
    [
      ["if (verdict === 'foreign' && !isStatic) throw foreignOrigin(headers.origin);", ''],
      ["if (verdict !== 'allowed') throw foreignOrigin(headers.origin);", ''],
      ['if (!hasSingleHost(request.raw)) throw severalHosts();', ''],
    ],
  ),
  ...mutationsOf(
    'packages/gateway/src/limits/login-throttle.ts',
    ['packages/gateway/src/limits/login-throttle.test.ts'],
    [
      ['add(table, key, 1, nowMs);', 'add(table, key, 0, nowMs);'],
      [
        'return isFresh && this.#freshAt(account, nowMs).take(nowMs) ? 0 : ofAccount;',
        'return isFresh ? 0 : ofAccount;',
      ],
      ['if (failures < FREE_FAILURES) return 0;', 'return 0;'],
      ['if (ofAddress > 0 || ofAccount === 0) return Math.max(ofAddress, ofAccount);', ''],
    ],
  ),
];

const OF_PRINCIPALS = [
  'open-accounts',
  'key/key-store',
  'token/token-store',
  'user/user-store',
  'session/session-store',
  'grant/grants',
].map((name) => `${ACCOUNTS}/${name}.test.ts`);

const OF_ACCOUNTS: readonly Mutation[] = [
  ...mutationsOf(`${ACCOUNTS}/principals.ts`, OF_PRINCIPALS, [
    [
      "hasEnded(session, records, clock, sessionIdleMs) ? refused('expired') : this.#ofUser(session.user)",
      'this.#ofUser(session.user)',
    ],
    ["if (nowMs < CLOCK_IS_SET_MS) return refused('clock-not-set');", ''],
    ["if (nowMs >= credential.expiresMs) return refused('expired');", ''],
    [
      '!family || family.revoked || records.deniedTokens.has(credential.id)',
      '!family || records.deniedTokens.has(credential.id)',
    ],
    ['!family || family.revoked || records.deniedTokens.has(credential.id)', '!family || family.revoked'],
    ["if (user.disabled) return refused('disabled');", ''],
    [
      "user.disabled ? refused('disabled') : (roles.permissionsOf(user.role) ?? refused('role-gone'))",
      "roles.permissionsOf(user.role) ?? refused('role-gone')",
    ],
    ['user.mustChange ? ONLY_SELF : ofRole', 'ofRole'],
    [
      'commonPermissions(ofRole, key.permissions ?? ofRole, ofOwner)',
      'commonPermissions(ofRole, key.permissions ?? ofRole)',
    ],
    ['commonPermissions(ofRole, key.permissions ?? ofRole, ofOwner)', 'commonPermissions(ofRole, ofOwner)'],
    [
      "if (key.expiresMs !== undefined && this.#options.clock.wallMs() >= key.expiresMs) return refused('expired');",
      '',
    ],
    ['known?.of === ofOwner && known.within === ofOwnerLimits', 'known?.within === ofOwnerLimits'],
    ['known?.of === ofOwner && known.within === ofOwnerLimits', 'known?.of === ofOwner'],
    ['[...ofOwnerLimits.scopes, ...scopes]', 'scopes'],
    ['[...ofOwnerLimits.entities, ...entities]', 'entities'],
    ['[...ofOwnerLimits.entities, ...entities]', 'ofOwnerLimits.entities'],
    ['[...ofOwnerLimits.scopes, ...scopes]', 'ofOwnerLimits.scopes'],
    ['if (known?.within === subject)', 'if (known)'],
    ['permissions ?? NO_PERMISSIONS', 'permissions!'],
    ['!BEYOND_SCOPES.includes(permission)', 'true'],
    ['commonPermissions(of, token.permissions ?? of)', 'of'],
    ['depth < MAX_OWNERS', 'depth < 1000'],
  ]),
  ...mutationsOf(`${ACCOUNTS}/user/user-store.ts`, OF_PRINCIPALS, [
    ["if (!isRight) return refused('wrong-secret');", ''],
    ["if (still.disabled) return refused('disabled');", ''],
    ['if (!user || !still || still.hash !== user.hash)', 'if (!user || !still)'],
    ['if (!isAdmin(before) || (after && isAdmin(after))) return;', 'return;'],
    [
      'hash !== undefined || user.role !== before.role || user.disabled !== before.disabled',
      'user.role !== before.role',
    ],
    [
      '      // A later user of the same name must not inherit the keys.\n      const keys = keysCreatedBy(`user:${name}`, records.keys);',
      '      const keys: string[] = [];',
    ],
  ]),
  ...mutationsOf(`${ACCOUNTS}/key/key-store.ts`, OF_PRINCIPALS, [
    ['if (more.length > 0) {', 'if (false) {'],
    ['const ids = [id, ...keysCreatedBy(`key:${id}`, records.keys)];', 'const ids = [id];'],
    ['principals.permissionsOfOwner(owner, 1)', 'principals.permissionsOfOwner(owner, 0)'],
    ['if (quota.take(account)) return;', 'return;'],
  ]),
  ...mutationsOf(
    `${ACCOUNTS}/session/session-store.ts`,
    [`${ACCOUNTS}/session/session-store.test.ts`],
    [
      ['ageMs >= expiresMs - createdMs || unusedMs >= idleMs', 'ageMs >= expiresMs - createdMs'],
      ['ageMs >= expiresMs - createdMs || unusedMs >= idleMs', 'unusedMs >= idleMs'],
      ['begunMs === undefined ? wallMs - createdMs : nowMs - begunMs', 'wallMs - createdMs'],
      ['filter(({ id }) => id !== keep)', 'filter(({ id }) => id === keep)'],
      ['  records.sessionsByDigest.delete(digestKey(digest));', ''],
      ['if (ended) for (const listener of this.#endListeners) listener(ended);', ''],
    ],
  ),
  ...mutationsOf(
    `${ACCOUNTS}/token/token-store.ts`,
    [`${ACCOUNTS}/token/token-store.test.ts`],
    [
      ["if (claims.type !== 'access') return refused('wrong-type');", ''],
      ["if (claims.type !== 'refresh') return refused('wrong-type');", ''],
      ['if (before.refreshId !== claims.id) {', 'if (false) {'],
      ['        await this.#revokeFamily(before);\n', ''],
      ["if (!before || before.revoked) return refused('revoked');", "if (!before) return refused('revoked');"],
      ['isRight ? { subject: `client:${client.id}`', 'true ? { subject: `client:${client.id}`'],
      ["if (claims.type === 'refresh' || records.deniedTokens.size >= MAX_RECORDS.deniedTokens) {", 'if (false) {'],
    ],
  ),
  ...mutationsOf(
    `${ACCOUNTS}/token/token-text.ts`,
    [`${ACCOUNTS}/token/token-text.test.ts`],
    [
      ['algorithms: [key.algorithm],', ''],
      ['issuer: options.issuer,\n', ''],
      ["if (!isForUs(payload.aud, options)) return refused('audience');", ''],
      ['aud === undefined ? withoutAudience', 'aud === undefined ? true'],
      ['currentDate: new Date(nowMs),', ''],
    ],
  ),
  ...mutationsOf(
    `${ACCOUNTS}/ticket/stream-tickets.ts`,
    [`${ACCOUNTS}/ticket/stream-tickets.test.ts`],
    [
      ['found?.path === path ? found.holder : undefined', 'found?.holder'],
      ['const found = drop(digest);', 'const found = tickets.get(digest);'],
      ['if (endsMs > clock.monotonicMs()) return;', 'return;'],
      ['unused >= MAX_OF_OWNER || !quota.take(owner)', '!quota.take(owner)'],
    ],
  ),
  ...mutationsOf(
    `${ACCOUNTS}/setup/setup-code.ts`,
    [`${ACCOUNTS}/setup/setup-code.test.ts`],
    [
      ["if (!this.isOpen) return 'closed';", ''],
      [
        "timingSafeEqual(digest, digestOf(code)) || isBefore ? 'right' : 'wrong'",
        "timingSafeEqual(digest, digestOf(code)) ? 'right' : 'wrong'",
      ],
      ["codeBefore !== '' && timingSafeEqual", 'timingSafeEqual'],
      ['!isClosed && clock.monotonicMs() < endsMs', '!isClosed'],
    ],
  ),
  ...mutationsOf(`${ACCOUNTS}/role/common-permissions.ts`, OF_PRINCIPALS, [['others.every(', 'others.some(']]),
];

const OF_FEDERATION: readonly Mutation[] = [
  ...mutationsOf(
    `${PEER}/peer-link.ts`,
    [`${PEER}/peer-link.test.ts`],
    [
      ['if (leadsUp(path)) {', 'if (false) {'],
      ['if (error instanceof ReplyMissing && !isRead)', 'if (false)'],
      ['const isRedirect = status >= 300 && status < 400 && status !== 304;', 'const isRedirect = false;'],
      ['/^(?:\\.|%2e){1,2}$/i', '/^\\.{1,2}$/i'],
    ],
  ),
  ...mutationsOf(
    `${PEER}/forward-request.ts`,
    [`${PEER}/forward-request.test.ts`],
    [
      ['forwardsAuthorization && !isKeyed ?', 'forwardsAuthorization ?'],
      ['...(isKeyed &&\n', '...(true &&\n'],
      ['return address === undefined ? others : { ...others, location: address };', 'return said;'],
    ],
  ),
  ...mutationsOf(
    `${PEER}/discovery/key-proof.ts`,
    [`${PEER}/discovery/discovered-peers.test.ts`, `${PEER}/discovery/key-proof.test.ts`],
    [
      ['claimed.length === expected.length && timingSafeEqual(claimed, expected)', 'claimed.length > 0'],
      ['label.toLowerCase(), address, port, instance]', 'label.toLowerCase(), port, instance]'],
      ['label.toLowerCase(), address, port, instance]', 'label.toLowerCase(), address, port]'],
    ],
  ),
  ...mutationsOf(
    `${PEER}/discovery/admission-problem.ts`,
    [`${PEER}/discovery/admission-problem.test.ts`],
    [
      ["if (family === 0) return 'its URL contains a host name instead of an IP address';", ''],
      ["if (requireTls && url.protocol === 'http:')", 'if (false)'],
      ["scope === 'loopback' ? within(THIS_MACHINE) : !within(NO_PEER)", 'true'],
    ],
  ),
  ...mutationsOf(
    `${PEER}/tree/direct-gateways.ts`,
    [`${PEER}/tree/direct-gateways.test.ts`],
    [
      ['rank(holder) >= claimRank', 'rank(holder) > claimRank'],
      ['(peer.isKeyed ? 2 : 0)', '0'],
      ['known && known.name !== name && rank(known) > claimRank ? known.name : undefined', 'undefined'],
      ['instance !== gateway && !direct.has(instance)', '!direct.has(instance)'],
      ['instance !== gateway && !direct.has(instance)', 'instance !== gateway'],
      ['Number(other.isKeyed) - Number(one.isKeyed) || ', ''],
    ],
  ),
  ...mutationsOf(
    'packages/gateway/src/peer-names/peer-faults.ts',
    ['packages/gateway/src/peer-names/peer-faults.test.ts'],
    [
      ['if (!entity || isKnownTo(entity, runtime)) return about;', 'return about;'],
      ['if (!host) return rest as JsonValue;', 'if (!host) return about;'],
    ],
  ),
  ...mutationsOf(
    'packages/gateway/src/peers/aggregates/drop-invalid-items.ts',
    ['packages/gateway/src/peers/aggregates/drop-invalid-items.test.ts'],
    [
      ['return reason === undefined;\n', 'return true;\n'],
      ['reason !== undefined && dropped.length < MAX_REPORTED', 'reason !== undefined'],
    ],
  ),
];

/** Every mutation, in the order in which they run. */
export const MUTATIONS: readonly Mutation[] = [...OF_SECURITY, ...OF_ACCOUNTS, ...OF_FEDERATION];
