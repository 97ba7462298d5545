import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { SovdError } from '@medkit/contract';
import type { ScriptRunner } from '@medkit/core';
import { systemPrograms, systemWritableFiles } from '@medkit/edges/node';
import { definePlugin, PLUGIN_API_VERSION } from '@medkit/plugin';
import { ContainerJob } from './container-job.ts';
import {
  EngineOptions,
  engineVariables,
  killArguments,
  leftoverArguments,
  removeArguments,
  runArguments,
} from './engine.ts';

/** Timeout of every engine command except running a script. */
const ENGINE_MS = 4000;

export const plugin = definePlugin({
  apiVersion: PLUGIN_API_VERSION,
  name: 'container',
  options: EngineOptions,

  setup: async ({ options, clock, log }) => {
    const [program = '', ...before] = options.engine;
    const { uid, gid, homedir } = userInfo();
    const folder = options.folder || join(tmpdir(), `medkit-container-runner-${uid}`);
    const surroundings = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', HOME: homedir };
    const jobs = new Map<string, ContainerJob>();

    /** Returns the output of the engine. Throws the engine's error message if it fails. */
    const ask = async (args: readonly string[]): Promise<string> => {
      const limits = { timeoutMs: ENGINE_MS, maxOutputBytes: 1024 * 1024 };
      const end = await systemPrograms.run({
        program,
        args: [...before, ...args],
        environment: surroundings,
        ...limits,
      });
      if (end.outcome === 'missing') throw new Error(`there is no program ${program}: install it, or set "engine"`);
      if (end.outcome !== 'exited') throw new Error(`${program} ${args[0]} was ended: ${end.outcome}`);
      if (end.code !== 0) throw new Error(`${program} ${args[0]}: ${end.errors.trim().split('\n')[0]}`);
      return end.output;
    };
    const removeLeftOver = async (): Promise<void> => {
      const left = (await ask(leftoverArguments(options))).split('\n').filter((id) => id !== '');
      if (left.length === 0) return;
      log('warn', `${left.length} containers of scripts were left behind: they are removed`);
      await ask(removeArguments(left));
    };

    // Retried with the next script: an engine may start later than the gateway.
    let clean: Promise<void> | undefined;
    let problem: string | undefined;
    const ready = async (): Promise<void> => {
      clean ??= removeLeftOver().then(() => systemWritableFiles.remove(folder));
      try {
        await clean;
        problem = undefined;
      } catch (error) {
        clean = undefined;
        problem = (error as Error).message;
        throw new SovdError({ code: 'service-unavailable', message: problem });
      }
    };
    void ready().catch((error: Error) => log('error', error.message));

    const runner: ScriptRunner = {
      start: async (job) => {
        await ready();
        const file = join(folder, job.id, 'script');
        await systemWritableFiles.write(file, Readable.from([job.content]));
        const container = new ContainerJob(clock);
        const args = runArguments(options, job, { file, user: `${uid}:${gid}` });
        const inputFile = join(folder, job.id, 'input');
        if (job.input !== undefined)
          await systemWritableFiles.write(inputFile, Readable.from([Buffer.from(job.input)]));
        const started = await systemPrograms.start({
          command: [program, ...before, ...args],
          environment: { ...engineVariables(job), ...surroundings },
          folder: '/',
          ...(job.input !== undefined && { inputFile }),
          onOutput: (stream, octets) => container.take(stream, octets),
        });
        jobs.set(job.id, container);
        void container.follow(started).finally(() => systemWritableFiles.remove(join(folder, job.id)));
      },
      news: async (id) => {
        const job = jobs.get(id);
        if (!job) throw new Error('there is no such container');
        const news = await job.news();
        if (news.exit) jobs.delete(id);
        return news;
      },
      end: async (id, action) => {
        if (!jobs.has(id)) return;
        await ask(killArguments(id, action === 'stop' ? 'TERM' : 'KILL'));
      },
    };
    return {
      scripts: { entities: options.entities, runner },
      health: async () => ({
        warnings:
          problem === undefined ? [] : [{ code: 'container_engine', message: `Scripts cannot run: ${problem}` }],
        blocks: {},
      }),
      stop: async () => {
        if (jobs.size > 0) await removeLeftOver();
      },
    };
  },
});
