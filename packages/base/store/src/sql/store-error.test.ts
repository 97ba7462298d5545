import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import {
  ConstraintViolated,
  StatementFailed,
  StoreBusy,
  StoreCorrupt,
  StoreFull,
  StoreLocked,
  StoreReadOnly,
  StoreUnavailable,
} from '../errors.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { storeError } from './store-error.ts';

const PATH = '/var/lib/medkit/faults.db';

describe('an error of the database', () => {
  const cases: readonly (readonly [what: string, given: object, Class: new (message: string) => Error])[] = [
    ['SQLITE_BUSY_SNAPSHOT', { errcode: 517 }, StoreLocked],
    ['SQLITE_READONLY_DBMOVED', { errcode: 1032 }, StoreReadOnly],
    ['SQLITE_IOERR_FSYNC', { errcode: 1034 }, StoreUnavailable],
    ['SQLITE_CORRUPT_INDEX', { errcode: 779 }, StoreCorrupt],
    ['SQLITE_NOTADB', { errcode: 26 }, StoreCorrupt],
    ['SQLITE_FULL', { errcode: 13 }, StoreFull],
    ['SQLITE_CANTOPEN', { errcode: 14 }, StoreUnavailable],
    ['SQLITE_CONSTRAINT_NOTNULL', { errcode: 1299 }, ConstraintViolated],
    ['SQLITE_ERROR', { errcode: 1 }, StatementFailed],
    ['no room for the file itself', { code: 'ENOSPC' }, StoreFull],
    ['a read-only file system', { code: 'EROFS' }, StoreReadOnly],
    ['a file where a folder should be', { code: 'ENOTDIR' }, StoreUnavailable],
    ['a value that cannot be bound', { code: 'ERR_INVALID_ARG_TYPE' }, StatementFailed],
    ['anything else', {}, StatementFailed],
  ];
  for (const [what, fields, Class] of cases) {
    it(`is ${Class.name} for ${what}`, () => {
      const error = storeError(Object.assign(new Error('as it was put'), fields), PATH);
      assert.equal(error.constructor, Class);
      const isOfStatement = Class === StatementFailed || Class === ConstraintViolated;
      assert.equal(error.message.startsWith(PATH), !isOfStatement, error.message);
    });
  }

  it('is returned unchanged if it is a store error', () => {
    const error = new StoreBusy('busy');
    assert.equal(storeError(error, PATH), error);
  });

  it('is StoreReadOnly on a read-only connection', () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'a.db');
    new DatabaseSync(path).exec('CREATE TABLE a (id)');
    using reader = new DatabaseSync(path, { readOnly: true });
    assert.throws(
      () => reader.exec('INSERT INTO a VALUES (1)'),
      (error) => storeError(error, path) instanceof StoreReadOnly,
    );
  });
});
