import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rolesOf } from '../role/configured-roles.ts';
import { clientsOf, digestOf } from './client.ts';

test('a client is split at the first and the last colon, so that its secret may contain colons', () => {
  const { clients, problems } = clientsOf(['fleet:a:b:c:Operator', 'watch:x:viewer'], rolesOf());
  assert.deepEqual(problems, []);
  assert.deepEqual(clients, [
    { id: 'fleet', role: 'operator', secretDigest: digestOf('a:b:c') },
    { id: 'watch', role: 'viewer', secretDigest: digestOf('x') },
  ]);
});

test('an invalid client is skipped, and its secret is not logged', () => {
  const entries = [
    'hunter2',
    'hunter2:viewer',
    ':hunter2:viewer',
    'a::viewer',
    'a b:hunter2:viewer',
    'a:hunter2:veiwer',
  ];
  const { clients, problems } = clientsOf([...entries, 'b:hunter2:viewer', 'b:hunter2:admin'], rolesOf());
  assert.deepEqual(
    clients.map(({ id }) => id),
    ['b'],
  );
  assert.deepEqual(problems, [
    'auth.clients[0] is invalid: the format is id:secret:role. It is ignored',
    'auth.clients[1] is invalid: the format is id:secret:role. It is ignored',
    'auth.clients[2] is invalid: the format is id:secret:role. It is ignored',
    'auth.clients[3] is invalid: the format is id:secret:role. It is ignored',
    'auth.clients[4] has an id that is not 1 to 128 printable ASCII characters. It is ignored',
    'auth.clients[5] ("a") has no role "veiwer": did you mean viewer?. It is ignored',
    'auth.clients[7] has the id "b" of an earlier entry. It is ignored',
  ]);
});
