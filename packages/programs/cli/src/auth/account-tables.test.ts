import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PrincipalInfo } from '@medkit/contract';
import { keyTable } from './keys.ts';
import { userTable } from './list-users.ts';
import { sessionTable } from './sessions.ts';
import { principalLines } from './whoami.ts';

const at = '2026-03-20T09:00:00.000Z';

test('users are listed with the reason why they cannot log in', () => {
  const user = { role: 'viewer', disabled: false, must_change_password: false, declared: false };
  const lines = userTable([
    { ...user, name: 'alice', role: 'admin', created_at: at },
    { ...user, name: 'bob', disabled: true, must_change_password: true, created_at: at },
    { ...user, name: 'image\u001b[2J', declared: true },
    { ...user, name: 'eva', grants: [{ site: 'berlin' }, { group: 'night', role: 'viewer' }] },
  ]).split('\n');
  assert.match(lines[0] ?? '', /^NAME +ROLE +SINCE +STATE +LIMITED TO$/);
  assert.match(lines[1] ?? '', /^alice +admin +2026-03-20 \S+$/);
  assert.match(lines[2] ?? '', /^bob +viewer +2026-03-20 \S+ +disabled, must change the password$/);
  assert.match(lines[3] ?? '', /^image.* +viewer +from auth\.users_file$/);
  assert.match(lines[4] ?? '', /^eva +viewer +site=berlin, group=night:viewer$/);
  assert.ok(!lines.join().includes('\u001b'), 'no name steers the terminal');
});

test('keys are listed with their creator, expiry and purpose', () => {
  const key = { role: 'viewer', owner: 'user:alice', created_at: at, state: 'active' } as const;
  const lines = keyTable([
    { ...key, id: '4fmd81xk', name: 'grafana', expires_at: at, last_used_at: at },
    { ...key, id: '5fmd81xk', name: 'line', permissions: ['read', 'faults.clear'], state: 'disabled' },
  ]).split('\n');
  assert.match(lines[1] ?? '', /^4fmd81xk +grafana +viewer +user:alice +2026-03-20 \S+ +2026-03-20 \S+ +active$/);
  assert.match(lines[2] ?? '', /^5fmd81xk +line +viewer +user:alice +never +always +disabled +read, faults\.clear$/);
  assert.match(keyTable([]), /auth keys create/);
});

test('sessions are listed with their address and user agent', () => {
  const session = { id: 'k3v9', user: 'alice', created_at: at, last_used_at: at, expires_at: at, current: false };
  const text = sessionTable([{ ...session, remote_address: '10.0.0.12', user_agent: 'Mozilla/5.0 (X11)' }]);
  assert.match(text, /\nk3v9 +alice .* 10\.0\.0\.12 +Mozilla\/5\.0 \(X11\)$/);
  assert.match(sessionTable([]), /No browser sessions/);
});

test('the identity is shown with its authentication method, and the user of a key that a login made', () => {
  const who = { principal: 'key:4fmd81xk', kind: 'key', method: 'key' } as const;
  const info: PrincipalInfo = { ...who, role: 'viewer', permissions: ['read'] };
  assert.match(
    principalLines(info, 'alice'),
    /identity +alice \(key:4fmd81xk\)\n +authenticated by +an API key\n +role +viewer\n +permissions +read$/,
  );
  assert.match(principalLines({ ...info, grants: [{ site: 'ulm' }] }), / role +viewer\n +limited to +site=ulm\n/);
  const lines = principalLines({ ...info, permissions: [], expires_at: at, must_change_password: true });
  assert.match(lines, /identity +key:4fmd81xk\n/);
  assert.match(lines, /valid until +2026-03-20 .*\n +permissions +none\n +note +the password must be changed/);
});
