import assert from 'node:assert/strict';
import { it } from 'node:test';
import { queueableName } from './queueable.ts';

it('names the operation or data item that a request starts or writes, as a robot lists it', () => {
  const names: readonly (readonly [string, string, string | undefined])[] = [
    ['POST', '/apps/arm/operations/home/executions', 'apps/arm/operations/home'],
    ['PUT', '/components/base/data/rate', 'components/base/data/rate'],
    ['PUT', '/apps/arm/data/h%C3%B6he', 'apps/arm/data/höhe'],
    ['PUT', '/apps/arm/operations/home/executions', undefined],
    ['PUT', '/apps/arm/operations/home/executions/e-1', undefined],
    ['DELETE', '/apps/arm/operations/home/executions', undefined],
    ['PUT', '/apps/arm/status/restart', undefined],
    ['PUT', '/apps/arm/data/a%2Fb', undefined],
    ['PUT', '/apps/arm/data/%E0', undefined],
    ['PUT', '/apps/arm/x/data/rate', undefined],
    ['GET', '/apps/arm/data/rate', undefined],
  ];
  for (const [method, path, name] of names) assert.equal(queueableName({ method, path }), name, `${method} ${path}`);
});
