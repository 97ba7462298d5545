import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PERMISSIONS } from '@medkit/contract';
import { InvalidRole, UnknownPermission, UnknownRole } from '../refusals.ts';
import { rolesOf } from './configured-roles.ts';
import type { RoleDefinition } from './role.ts';

/** Shows for each permission which of the four roles have it: viewer, operator, configurator, admin. */
function table(roles: ReturnType<typeof rolesOf>): Record<string, string> {
  const sets = ['viewer', 'operator', 'configurator', 'admin'].map((name) => roles.permissionsOf(name));
  return Object.fromEntries(
    Object.keys(PERMISSIONS).map((permission) => [
      permission,
      sets.map((set) => (set?.has(permission as never) ? 'x' : '.')).join(''),
    ]),
  );
}

describe('a built-in role', () => {
  it('has the permissions of the permission table', () => {
    assert.deepEqual(table(rolesOf()), {
      read: 'xxxx',
      metrics: 'xxxx',
      'files.read': 'xxxx',
      'files.write': '.xxx',
      'faults.clear': '.xxx',
      incidents: '.xxx',
      'operations.run': '.xxx',
      'data.write': '.xxx',
      locks: '.xxx',
      'locks.break': '...x',
      subscriptions: 'xxxx',
      'subscriptions.manage': '...x',
      'status.start': '.xxx',
      'status.stop': '..xx',
      'configurations.write': '..xx',
      'scripts.run': '.xxx',
      'scripts.write': '...x',
      updates: '..xx',
      self: 'xxxx',
      accounts: '...x',
      webhooks: '...x',
      peers: '...x',
      'audit.read': '..xx',
      'audit.verify': '...x',
      'audit.accept': '...x',
      uplink: '...x',
      'uplink.budget': '..xx',
      'fleet.read': 'xxxx',
      'fleet.enrol': '..xx',
      'fleet.manage': '...x',
      'campaigns.write': '..xx',
      'campaigns.approve': '...x',
      'campaigns.stop': '.xxx',
      impersonate: '...x',
      plugins: '...x',
    });
  });

  it('has the permissions of ros2_medkit if that is configured', () => {
    assert.deepEqual(table(rolesOf({}, { compat: true })), {
      read: 'xxxx',
      metrics: 'xxxx',
      'files.read': 'xxxx',
      'files.write': '.xxx',
      'faults.clear': '.xxx',
      incidents: '.xxx',
      'operations.run': '.xxx',
      'data.write': '.xxx',
      locks: '.xxx',
      'locks.break': '...x',
      subscriptions: '.xxx',
      'subscriptions.manage': '...x',
      'status.start': '.xxx',
      'status.stop': '..xx',
      'configurations.write': '..xx',
      'scripts.run': '.xxx',
      'scripts.write': '..xx',
      updates: '..xx',
      self: 'xxxx',
      accounts: '...x',
      webhooks: '...x',
      peers: '...x',
      'audit.read': '...x',
      'audit.verify': '...x',
      'audit.accept': '...x',
      uplink: '...x',
      'uplink.budget': '..xx',
      'fleet.read': 'xxxx',
      'fleet.enrol': '..xx',
      'fleet.manage': '...x',
      'campaigns.write': '..xx',
      'campaigns.approve': '...x',
      'campaigns.stop': '.xxx',
      impersonate: '...x',
      plugins: '...x',
    });
  });
});

describe('a configured role', () => {
  const permissionsOf = (definitions: Record<string, RoleDefinition>, role: string) =>
    [...(rolesOf(definitions).permissionsOf(role) ?? [])].sort();

  it('has the permissions of the role it extends, and those it allows', () => {
    const technician = permissionsOf({ technician: { extends: 'viewer', allow: ['scripts.run'] } }, 'technician');
    assert.deepEqual(technician, [
      'files.read',
      'fleet.read',
      'metrics',
      'read',
      'scripts.run',
      'self',
      'subscriptions',
    ]);
  });

  it('can deny allowed and inherited permissions, but never `self`', () => {
    const definition = { extends: 'viewer', allow: ['locks'], deny: ['locks', 'files.read', 'self'] };
    assert.deepEqual(permissionsOf({ guest: definition }, 'guest'), [
      'fleet.read',
      'metrics',
      'read',
      'self',
      'subscriptions',
    ]);
  });

  it('can extend a role that is defined later', () => {
    const definitions = { b: { extends: 'a', deny: ['read'] }, a: { allow: ['read', 'locks'] } };
    assert.deepEqual(permissionsOf(definitions, 'b'), ['locks', 'self']);
    assert.deepEqual(rolesOf(definitions).names, ['viewer', 'operator', 'configurator', 'admin', 'b', 'a']);
  });

  it('has the same set each time', () => {
    const roles = rolesOf({ a: { extends: 'viewer' } });
    assert.equal(roles.permissionsOf('a'), roles.permissionsOf('a'));
    assert.equal(roles.permissionsOf('nobody'), undefined);
  });

  const chain = Object.fromEntries(
    Array.from({ length: 10 }, (_, index) => [`r${index}`, index < 9 ? { extends: `r${index + 1}` } : {}]),
  );
  const many = Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`r${index}`, {}]));
  const cases: readonly (readonly [string, Record<string, RoleDefinition>, new (text: string) => Error, RegExp])[] = [
    ['with an invalid name', { 'Äpfel 1': {} }, InvalidRole, /"Äpfel 1"/],
    ['with the name of a built-in role', { admin: {} }, InvalidRole, /admin is built in/],
    ['that extends itself', { a: { extends: 'a' } }, InvalidRole, /a → a/],
    [
      'in a cycle of roles',
      { a: { extends: 'b' }, b: { extends: 'c' }, c: { extends: 'a' } },
      InvalidRole,
      /a → b → c → a/,
    ],
    ['in a chain of more than eight roles', chain, InvalidRole, /the maximum is 8/],
    ['beyond the limit of a hundred roles', many, InvalidRole, /the maximum is 100/],
    ['that extends an unknown role', { a: { extends: 'oprator' } }, UnknownRole, /role a.*"oprator".*operator\?/],
    [
      'that allows an unknown permission',
      { a: { allow: ['data.wite'] } },
      UnknownPermission,
      /role a.*did you mean data.write\?/,
    ],
    [
      'that denies an unknown permission',
      { a: { deny: ['constructor'] } },
      UnknownPermission,
      /"constructor": choose one of/,
    ],
  ];
  for (const [what, definitions, Class, message] of cases) {
    it(`${what} is rejected`, () => {
      assert.throws(() => rolesOf(definitions), Class);
      assert.throws(() => rolesOf(definitions), message);
    });
  }
});
