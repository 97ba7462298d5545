import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatewayRefused } from '@medkit/client';
import { fieldProblems } from './field-problems.ts';

const refused = (message: string, parameters: Record<string, unknown> = {}, code = 'invalid-parameter') => {
  const body = { error_code: code, message, parameters } as never;
  return new GatewayRefused({ method: 'PUT', url: 'http://hub/' } as never, 400, body, '');
};

describe('the problems of a refused form', () => {
  it('have their fields', () => {
    const fields = [
      { field: 'items[0].match.code', message: 'must not have fewer than 1 characters' },
      { field: '', message: 'expected a JSON object' },
      { field: 'until.robots' },
      null,
    ];
    assert.deepEqual(fieldProblems(refused('Request body validation failed', { fields }, 'invalid-request')), {
      'items[0].match.code': 'must not have fewer than 1 characters',
    });
    assert.deepEqual(fieldProblems(refused('until.date: 2026-01-01T00:00:00Z is in the past')), {
      'until.date': '2026-01-01T00:00:00Z is in the past',
    });
  });

  it('are none of another error', () => {
    assert.deepEqual(fieldProblems(undefined), {});
    assert.deepEqual(fieldProblems(new Error('until.date: wrong')), {});
    assert.deepEqual(fieldProblems(refused('in_version needs the state `resolved`')), {});
    assert.deepEqual(fieldProblems(refused('state: x', {}, 'resource-not-found')), {});
  });
});
