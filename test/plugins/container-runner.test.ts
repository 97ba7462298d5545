import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { freeDomain } from '../harness/free-domain.ts';
import { startPluginGateway } from './gateway.ts';

const example = join(import.meta.dirname, '..', '..', 'examples', 'container-runner');

for (const isolate of ['no', 'process']) {
  describe(`scripts in containers, by a plugin with isolate: ${isolate}`, () => {
    it('are uploaded, run, followed, ended, and removed when a killed gateway returns', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'containers-'));
      const containers = join(folder, 'containers');
      mkdirSync(containers);
      const engine = join(folder, 'engine');
      const script = `exec '${process.execPath}' '${example}/stand-in-engine.ts' '${folder}' "$@"`;
      writeFileSync(engine, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
      const settings = [
        ...[
          'scripts.runner=container',
          `plugins.container.path=${example}/plugin.ts`,
          `data_dir=${join(folder, 'data')}`,
        ],
        `plugins.container.engine=${engine}`,
        ...[`plugins.container.folder=${join(folder, 'files')}`, `plugins.container.isolate=${isolate}`],
      ];
      await using stack = new AsyncDisposableStack();
      stack.defer(() => rmSync(folder, { recursive: true }));
      const { id: domain } = stack.use(await freeDomain());
      const gateway = await startPluginGateway(domain, ['container'], settings);
      stack.defer(async () => void (await gateway.program.end('SIGKILL')));
      // Every gateway has one component: its computer.
      const { items } = (await gateway.ask('/components')).body;
      const scripts = `/components/${items[0].id}/scripts`;
      const upload = async (name: string, text: string) => {
        const form = new FormData();
        form.append('file', new Blob([text]), name);
        assert.equal((await fetch(`${gateway.api}${scripts}`, { method: 'POST', body: form })).status, 201);
      };
      const start = (name: string, parameters?: object) =>
        gateway.ask(`${scripts}/${name}/executions`, 'POST', {
          execution_type: 'now',
          ...(parameters && { parameters }),
        });
      const execution = async (name: string, id = 'exec_001') =>
        (await gateway.ask(`${scripts}/${name}/executions/${id}`)).body;

      await upload('echo.sh', 'echo "PROGRESS 50"; cat; echo warning >&2\n');
      assert.equal((await start('echo', { beams: 16 })).status, 202);
      await eventually('its end', async () => (await execution('echo'))['status'] === 'completed');
      const ended = await execution('echo');
      assert.deepEqual([ended['parameters'], ended['x-medkit'].stderr], [{ beams: 16 }, 'warning\n']);
      assert.equal(ended['x-medkit'].runner, 'container');

      await upload('long.sh', 'echo begun; sleep 600\n');
      await start('long');
      await eventually('its output', async () => (await execution('long'))['x-medkit'].stdout === 'begun\n');
      const stopped = await gateway.ask(`${scripts}/long/executions/exec_001`, 'PUT', { action: 'stop' });
      assert.deepEqual([stopped.body['status'], stopped.body['error'].reason], ['terminated', 'stopped']);

      await eventually('its container is gone', async () => readdirSync(containers).length === 0);
      await start('long');
      await eventually('its container', async () => readdirSync(containers).length === 1);
      await gateway.program.end('SIGKILL');
      assert.equal(readdirSync(containers).length, 1, 'a container outlives its gateway');
      await using again = await startPluginGateway(domain, ['container'], settings);
      await eventually('no container', async () => readdirSync(containers).length === 0);
      const orphan = (await again.ask(`${scripts}/long/executions/exec_002`)).body;
      assert.deepEqual([orphan['status'], orphan['error'].reason], ['terminated', 'gateway-ended']);
      assert.match(readFileSync(join(folder, 'told.jsonl'), 'utf8'), /"rm","--force","medkit-[0-9a-f]{32}"/);
    });
  });
}
