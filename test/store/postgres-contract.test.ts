import { after, before } from 'node:test';
import { systemClock } from '@medkit/edges/node';
import type { Store } from '@medkit/store';
import { postgresStore } from '@medkit/store/postgres';
import { describeStore } from '../../packages/base/store/src/testing/contract-suite.ts';
import { type Postgres, startPostgres } from '../harness/postgres.ts';
import { missingSystemPackages } from '../harness/system-packages.ts';

const skip = missingSystemPackages('postgres');
let server: Postgres;
before(async () => {
  if (!skip) server = await startPostgres();
});
after(() => server?.[Symbol.asyncDispose]());
let opened = 0;

const open = ({ migrations, maxEvents, audit }: Parameters<Parameters<typeof describeStore>[1]>[0]): Promise<Store> => {
  opened += 1;
  const schema = `test_${opened}`;
  return postgresStore({
    url: server.url,
    schema,
    clock: systemClock,
    warn: console.warn,
    migrations,
    maxEvents,
    audit,
  });
};

describeStore('on PostgreSQL', open, { holdsNul: false, hasSizeLimit: false, skip });
