import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import Fastify from 'fastify';
import type { Handlers } from './exchange.ts';
import { PageCache } from './page-cache.ts';
import { registerRoutes } from './register-routes.ts';

test('a route without a handler, or a handler without a route, fails the start', () => {
  const pages = new PageCache({ bootId: '', generation: () => 0 });
  const handlers = { getHealth: assert.fail, getWeather: assert.fail } as unknown as Handlers;
  assert.throws(
    () =>
      registerRoutes(Fastify(), {
        handlers,
        pages,
        clock: new SimulatedClock(),
        guard: (_route, handler) => handler,
        record: () => ({}),
      }),
    /routes without handler: \[getRoot,.*handlers without route: \[getWeather\]/,
  );
});
