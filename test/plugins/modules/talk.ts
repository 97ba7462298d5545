import { definePlugin, PLUGIN_API_VERSION } from '@medkit/plugin';
import { ServiceUnavailable } from '@medkit/ros2';
import Type from 'typebox';

const STRING = 'std_msgs/msg/String';
const TRIGGER = 'std_srvs/srv/Trigger';

/** A plugin that communicates with another one over the graph in every way. */
export const plugin = definePlugin({
  apiVersion: PLUGIN_API_VERSION,
  name: 'talk',
  options: Type.Object({ own: Type.String(), other: Type.String() }),
  setup: async ({ options: { own: name, other }, ros, clock }) => {
    if (!ros) throw new Error('there is no graph');
    const observed = { word: '', changes: 0 };
    ros.onGraphChange(() => {
      observed.changes++;
    });
    const node = await ros.node({ name });
    const publisher = await node.publisher(`/${name}/word`, STRING);
    await node.service(`/${name}/ask`, TRIGGER, async () => ({ success: true, message: `I am ${name}` }));
    await node.subscribe({
      topic: `/${other}/word`,
      type: STRING,
      onSample: ({ message }) => {
        observed.word = String(message?.['data']);
      },
    });
    const client = await node.client(`/${other}/ask`, TRIGGER);
    const timer = clock.every(200, () => void publisher.publish({ data: `hello from ${name}` }));
    return {
      routes: [
        {
          route: {
            method: 'get',
            path: '/x-talk',
            operationId: 'getTalk',
            summary: 'What was said',
            description: 'What was said',
            parameters: [],
            responses: { 200: { description: 'It' } },
            errors: [],
          },
          handle: async (_request, { signal }) => {
            const answer = await client.call({}, { timeoutMs: 3000, signal });
            const absent = await node.client('/nobody/ask', TRIGGER);
            const failure = await absent.call({}, { timeoutMs: 100 }).catch((error: unknown) => error);
            await absent.close();
            const brief = await node.subscribe({ topic: `/${other}/word`, type: STRING, onSample: () => undefined });
            await brief.close();
            const cdr = await ros.encode(STRING, { data: 'round' });
            return {
              body: {
                word: observed.word,
                changed: observed.changes > 0,
                answer: String(answer['message']),
                unavailable: failure instanceof ServiceUnavailable,
                round: (await ros.decode(STRING, cdr)) ?? null,
                type: (await ros.describeType(STRING))?.name ?? '',
                matched: await publisher.matched(),
                nodes: (await ros.graph()).nodes.some(({ fqn }) => fqn === `/${other}`),
              },
            };
          },
        },
      ],
      stop: async () => timer.cancel(),
    };
  },
});
