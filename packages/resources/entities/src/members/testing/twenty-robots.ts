import { setImmediate } from 'node:timers/promises';
import { type CallContext, callContext, LOCAL, openModel, type Providers } from '@medkit/core';
import { app, area, component, memoryRuntime } from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';

/** The robot at another gateway that never answers. */
export const MUTE = 'robot_7';

/** The timeout of an HTTP request. */
const TIMEOUT_MS = 9000;
const STEP_MS = 50;

/**
 * A gateway with its robot `robot_0` and 19 robots at other gateways, each with a host and an app in the area `hall`.
 * Each app is `/app` in its runtime, has the data item `/force` and the resources of `providers`. The function `onCall`
 * resolves immediately, except for the mute robot, for which it never resolves.
 */
export async function twentyRobots(
  providers: (robot: string, onCall: () => Promise<void>) => Omit<Providers, 'data'> = () => ({}),
  { mute = MUTE } = {},
) {
  const clock = new SimulatedClock();
  const robots = Array.from({ length: 20 }, (_, at) => {
    const name = `robot_${at}`;
    const onCall = () => (name === mute ? new Promise<void>(() => undefined) : Promise.resolve());
    return memoryRuntime({
      name,
      origin: at === 0 ? LOCAL : name,
      areas: [area('hall')],
      components: [component(`host_${at}`, { areaId: 'hall' })],
      apps: [
        app(`app_${at}`, { componentId: `host_${at}`, node: '/app', address: { runtime: name, nativeId: '/app' } }),
      ],
      data: { '/app': { '/force': { value: at } } },
      providers: providers(name, onCall),
      onCall,
    });
  });
  const model = await openModel({ runtimes: robots, clock, log: () => undefined });
  /** Runs a call and returns its result with the elapsed clock time. */
  const timed = async <T>(question: (call: CallContext) => T | Promise<T>): Promise<{ value: T; ms: number }> => {
    const startedMs = clock.monotonicMs();
    let ms: number | undefined;
    const answer = (async () => question(callContext({ clock, timeoutMs: TIMEOUT_MS })))();
    const settled = (): void => {
      ms = clock.monotonicMs() - startedMs;
    };
    answer.then(settled, settled);
    for (let leftMs = 2 * TIMEOUT_MS; ms === undefined && leftMs > 0; leftMs -= STEP_MS) {
      await setImmediate();
      if (ms === undefined) clock.advance(STEP_MS);
    }
    const value = await answer;
    return { value, ms: ms ?? Number.POSITIVE_INFINITY };
  };
  return { clock, model, robots, timed };
}
