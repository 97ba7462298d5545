import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SovdError } from '@medkit/contract';
import { callContext, type FaultProvider, type FaultReport, openModel } from '@medkit/core';
import { app, errorOf, fault, memoryFaults, memoryRuntime } from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import type { FaultTrigger } from './fault-trigger.ts';
import { openFaultTriggers } from './fault-trigger-service.ts';
import type { TriggerStorage } from './trigger-storage.ts';

const RULE = { data_name: 'level', operator: '>', threshold: 80, fault_code: 'TANK_HIGH', severity: 'ERROR' };

/** A rule storage that outlives the process that writes it. */
function disk() {
  const rows = new Map<number, FaultTrigger>();
  let numbers = 0;
  const problem: { value?: string } = {};
  const work = <T>(change: () => T): Promise<T> => {
    if (problem.value === undefined) return Promise.resolve(change());
    return Promise.reject(new SovdError({ code: 'service-unavailable', message: problem.value }));
  };
  const storage: TriggerStorage = {
    load: () => work(() => [...rows.values()]),
    add: (rule) =>
      work(() => {
        const trigger = { ...rule, number: ++numbers, crossed: false };
        rows.set(trigger.number, trigger);
        return trigger;
      }),
    remove: (number) => work(() => void rows.delete(number)),
    setApp: (number, appId) => work(() => void rows.set(number, { ...(rows.get(number) as FaultTrigger), appId })),
    setCrossed: (number, crossed) =>
      work(() => void rows.set(number, { ...(rows.get(number) as FaultTrigger), crossed })),
    close: async () => undefined,
  };
  return { rows, storage, problem };
}

type Plant = Awaited<ReturnType<typeof plant>>;

/** A PLC with a tank, watched by the rules that `memory` stores. */
async function plant({
  memory = disk(),
  level = 20 as unknown,
  names = ['level'],
  rpms = ['/pump/rpm'],
  apps = [
    app('plc', { address: { runtime: 'memory', nativeId: 'plc' } }),
    app('pump', { node: '/pump', address: { runtime: 'memory', nativeId: '/pump' } }),
    app('bare'),
  ],
  onCall = (_nativeId: string): Promise<void> | void => undefined,
  onFaultCall = (_method: keyof FaultProvider): Promise<void> | void => undefined,
  failing = [] as string[],
} = {}) {
  const clock = new SimulatedClock();
  const items: Record<string, { value?: never }> = Object.fromEntries(
    names.map((name) => [name, { value: 0 as never }]),
  );
  if ('level' in items) items['level'] = { value: level as never };
  /** What the fault manager received, in order. */
  const faultCalls: string[] = [];
  const reports: FaultReport[] = [];
  const tankFault = {
    ...fault('TANK_HIGH'),
    get sourceResults() {
      return failing.map((source) => ({ source, failing: true }));
    },
  };
  const runtime = memoryRuntime({
    apps,
    data: {
      plc: items,
      '/pump': Object.fromEntries(
        rpms.map((topic) => [topic, { value: { data: 900 }, ros2: { ...ROS_NUMBER, topic } }]),
      ),
    },
    onCall,
    providers: {
      faults: memoryFaults({
        faults: [tankFault],
        onReport: (report) => {
          faultCalls.push(`${report.event} ${report.code}`);
          reports.push(report);
        },
        onCall: async (method, code) => {
          await onFaultCall(method);
          if (method === 'clear') faultCalls.push(`clear ${code}`);
        },
      }),
    },
  });
  const logged: string[] = [];
  const log = (_level: string, message: string) => void logged.push(message);
  const model = await openModel({ runtimes: [runtime], clock, log });
  // Until the model has settled, so that all remaining timers belong to the triggers.
  await clock.advanceAsync(10);
  const triggers = openFaultTriggers({ enabled: true, model, clock, log, storage: memory.storage, pollMs: 1000 });
  const call = () => callContext({ clock, timeoutMs: 5000 });
  return {
    clock,
    faultCalls,
    reports,
    logged,
    model,
    runtime,
    triggers,
    create: (changes: object = {}, appId = 'plc') => triggers.create(appId, { ...RULE, ...changes }, call()),
    set: (value: unknown) => {
      items['level'] = value === undefined ? {} : { value: value as never };
    },
    forget: () => runtime.tell({ apps: [] }),
    /** Advances the clock by some polls. */
    polls: (count: number) => clock.advanceAsync(count * 1000, 100),
    only: async () => (await triggers.list('plc')).items[0]!,
  };
}

const ROS_NUMBER = { direction: 'publish', type: 'std_msgs/msg/Float64' } as const;

/** Runs `play` in a plant, then closes the plant and checks for leftovers. */
async function inPlant(options: Parameters<typeof plant>[0], play: (plant: Plant) => Promise<void>): Promise<void> {
  const it = await plant(options);
  await play(it);
  await it.triggers.close();
  await it.model.close();
  assert.equal(it.clock.timers, 0);
}

const refused =
  (message: RegExp, status = 400) =>
  (error: unknown) => {
    assert.ok(error instanceof SovdError);
    assert.match(error.message, message);
    assert.deepEqual([error.status, error.parameters], [status, undefined]);
    return true;
  };

describe('a new rule', () => {
  it('Q01: is returned with an id, and is on disk', () =>
    inPlant({}, async ({ create, triggers }) => {
      const made = await create();
      assert.deepEqual(made, { id: 'ftr_1', ...RULE, active: true, 'x-medkit': { crossed: false } });
      const next = await create({ fault_code: 'B', path: '/a', active: false });
      assert.deepEqual([next.id, next.path, next.active], ['ftr_2', '/a', false]);
      assert.deepEqual((await triggers.list('plc')).items, [made, next]);
      const ofPump = await create({ data_name: '/pump/rpm', fault_code: 'C' }, 'pump');
      const all = (await triggers.listAll()).items.map(({ app_id, id }) => `${app_id} ${id}`);
      assert.deepEqual(all, ['plc ftr_1', 'plc ftr_2', `pump ${ofPump.id}`]);
    }));

  it('Q01: is rejected with all its problems', () =>
    inPlant({}, async ({ create, triggers, clock }) => {
      const call = callContext({ clock, timeoutMs: 1000 });
      await assert.rejects(triggers.create('plc', undefined, call), { code: 'invalid-request' });
      await assert.rejects(triggers.create('plc', [], call), refused(/expected a JSON object/));
      await assert.rejects(triggers.create('plc', {}, call), (error: Error) => {
        for (const name of ['data_name', 'operator', 'threshold', 'fault_code', 'severity']) {
          assert.ok(error.message.includes(`${name}: missing required field`), name);
        }
        return true;
      });
      const cases: readonly (readonly [object, RegExp])[] = [
        [{ data_name: '' }, /data_name: expected/],
        [{ data_name: 7 }, /data_name: expected/],
        [{ data_name: 'x'.repeat(513) }, /data_name: expected/],
        [{ operator: '!=' }, /operator: expected one of >, <, >=, <=, ==/],
        [{ threshold: '80' }, /threshold: expected a number/],
        [{ threshold: null }, /threshold: missing/],
        [{ fault_code: 'a/b' }, /fault_code: expected/],
        [{ fault_code: 'a..b' }, /fault_code: expected/],
        [{ severity: 'WARN' }, /severity: expected one of INFO, WARNING, ERROR, CRITICAL/],
        [{ active: 'yes' }, /active: expected a boolean/],
        [{ path: 'linear.x' }, /path: expected a JSON Pointer/],
        [{ path: `/${'x'.repeat(1024)}` }, /path: expected/],
        [{ operator: '!=', severity: 'WARN' }, /operator: .*; severity: /],
      ];
      for (const [change, message] of cases) {
        await assert.rejects(create(change), { code: 'invalid-parameter' });
        await assert.rejects(create(change), refused(message));
      }
    }));

  it('Q01: is rejected for an unknown app, and for a code of another rule', () =>
    inPlant({ names: ['level', 'rpm'] }, async ({ create }) => {
      await assert.rejects(create({}, 'nobody'), refused(/Entity not found/, 404));
      await create();
      await assert.rejects(create({ data_name: 'rpm' }), refused(/'TANK_HIGH'/, 409));
      await assert.rejects(create({ data_name: '/pump/rpm' }, 'pump'), refused(/'TANK_HIGH'/, 409));
    }));

  it('Q01: is rejected for the code of a rule that is being created', () =>
    inPlant({}, async ({ create, triggers }) => {
      const both = await Promise.allSettled([create(), create()]);
      assert.deepEqual(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
      assert.equal((await triggers.list('plc')).items.length, 1);
    }));

  it('Q01: is rejected if the app has no such data, with the closest names', () =>
    inPlant({}, async ({ create }) => {
      await assert.rejects(create({ data_name: 'MAIN.Level' }), refused(/did you mean 'level'\? \(available: level\)/));
    }));

  it('Q01: is rejected with twenty names at most', () =>
    inPlant({ names: [...Array.from({ length: 30 }, (_, n) => `valve_${n}`), 'counter'] }, async ({ create }) => {
      const message = /did you mean 'counter'\? \(closest 20 of 31: counter, (?:valve_\d+, ){18}valve_\d+\)$/;
      await assert.rejects(create({ data_name: 'GVL.Countr' }), refused(message));
    }));

  it('Q01: may be for data that no runtime can read at the moment', async () => {
    const onCall = () => {
      throw new SovdError({ code: 'service-unavailable' });
    };
    await inPlant({ onCall }, async ({ create }) => {
      assert.equal((await create()).id, 'ftr_1');
      assert.equal((await create({ fault_code: 'B' }, 'bare')).id, 'ftr_2');
    });
  });

  it('accepts a topic with or without its slash, and an alias of an app', () =>
    inPlant({}, async ({ create, triggers }) => {
      await create({ data_name: 'pump/rpm' }, 'pump');
      await create({ data_name: '/pump/rpm', fault_code: 'B' }, 'pump');
      assert.equal((await triggers.list('pump')).items.length, 2);
    }));

  it('resolves the name of its item as everywhere, and is rejected for no or several items', () =>
    inPlant({ rpms: ['/pump/rpm', '/pump/left/flow', '/pump/right/flow'] }, async ({ create, polls, reports }) => {
      for (const [at, data_name] of ['rpm', '~/rpm', 'pump/rpm', '/pump/rpm'].entries()) {
        await create({ data_name, threshold: 800, fault_code: `FAST_${at}` }, 'pump');
      }
      await polls(1);
      assert.deepEqual(reports.map(({ code }) => code).sort(), ['FAST_0', 'FAST_1', 'FAST_2', 'FAST_3']);
      await assert.rejects(create({ data_name: '/rpm' }, 'pump'), refused(/did you mean '\/pump\/rpm'/));
      await assert.rejects(
        create({ data_name: 'flow' }, 'pump'),
        refused(/Several items have this name; use one of \/pump\/left\/flow, \/pump\/right\/flow/),
      );
    }));

  it('is not acknowledged if it cannot be stored', async () => {
    const memory = disk();
    await inPlant({ memory }, async ({ create, triggers }) => {
      await triggers.list('plc');
      memory.problem.value = 'the disk is full';
      await assert.rejects(create(), { code: 'service-unavailable', message: 'the disk is full' });
      memory.problem.value = undefined as never;
      assert.equal((await create()).fault_code, 'TANK_HIGH');
    });
  });
});

describe('the rules of an app', () => {
  it('Q01: are only those of the app, and do not exist for an unknown app', () =>
    inPlant({}, async ({ create, triggers }) => {
      await create();
      await create({ data_name: '/pump/rpm', fault_code: 'B' }, 'pump');
      const codes = async (id: string) => (await triggers.list(id)).items.map(({ fault_code }) => fault_code);
      assert.deepEqual([await codes('plc'), await codes('pump'), await codes('nobody')], [['TANK_HIGH'], ['B'], []]);
    }));

  it('Q01: can be deleted only there, once', () =>
    inPlant({}, async ({ create, triggers }) => {
      await create();
      for (const [appId, id] of [
        ['pump', 'ftr_1'],
        ['plc', 'ftr_2'],
        ['plc', '1'],
        ['plc', 'ftr_01'],
      ] as const) {
        await assert.rejects(triggers.remove(appId, id), refused(/Fault trigger not found/, 404));
      }
      await triggers.remove('plc', 'ftr_1');
      await assert.rejects(triggers.remove('plc', 'ftr_1'), refused(/not found/, 404));
      assert.equal((await create()).id, 'ftr_2');
    }));
});

describe('an active rule', () => {
  const table: readonly (readonly [string, number, readonly number[], readonly number[]])[] = [
    ['>', 80, [80.001, 1e9], [80, -1]],
    ['>=', 80, [80, 81], [79.999]],
    ['<', 0, [-0.001], [0, 1]],
    ['<=', 0, [0, -0, -1], [0.001]],
    ['==', 0.3, [0.3, 0.1 + 0.2, 0.3 + 1e-10], [0.3 + 1e-8, 0]],
  ];
  for (const [operator, threshold, beyond, within] of table) {
    it(`Q01: is crossed only by values ${operator} ${threshold}`, () =>
      inPlant({}, async ({ create, set, polls, only }) => {
        await create({ operator, threshold });
        for (const [values, crossed] of [
          [beyond, true],
          [within, false],
        ] as const) {
          for (const value of values) {
            set(value);
            await polls(1);
            assert.equal((await only())['x-medkit']?.crossed, crossed, `${value}`);
          }
        }
      }));
  }

  it('Q01: reports while it is crossed, and clears once', () =>
    inPlant({}, async ({ create, set, polls, faultCalls, reports }) => {
      await create();
      await polls(2);
      assert.deepEqual(faultCalls, []);
      set(81);
      await polls(3);
      set(82);
      await polls(1);
      assert.deepEqual(
        faultCalls,
        Array.from({ length: 4 }, () => 'FAILED TANK_HIGH'),
      );
      set(20);
      await polls(3);
      assert.deepEqual(faultCalls.slice(4), ['clear TANK_HIGH']);
      assert.deepEqual(new Set(reports.map((report) => JSON.stringify(report))).size, 1);
      assert.deepEqual(reports[0], {
        code: 'TANK_HIGH',
        event: 'FAILED',
        severity: 2,
        description: 'level > 80',
        source: 'plc',
        runtime: 'memory',
      });
    }));

  it('leaves a fault that another source still reports as failed, and reports its app as passed', () => {
    const failing = ['plc'];
    return inPlant({ failing }, async ({ create, set, polls, faultCalls, reports }) => {
      await create();
      set(81);
      await polls(1);
      failing.push('/pump_node');
      set(20);
      await polls(2);
      assert.deepEqual(faultCalls, ['FAILED TANK_HIGH', 'PASSED TANK_HIGH']);
      assert.equal(reports.at(-1)?.source, 'plc');
      failing.pop();
      set(81);
      await polls(1);
      set(20);
      await polls(2);
      assert.deepEqual(faultCalls.slice(2), ['FAILED TANK_HIGH', 'clear TANK_HIGH']);
    });
  });

  it('Q01: keeps its state while its value cannot be read', async () => {
    let silent = false;
    const onCall = () => {
      if (silent) throw new SovdError({ code: 'service-unavailable', message: 'PLC not connected' });
    };
    await inPlant({ onCall }, async ({ create, set, polls, faultCalls, only, forget }) => {
      await create();
      set(81);
      await polls(1);
      silent = true;
      await polls(2);
      assert.deepEqual(
        [faultCalls.length, (await only())['x-medkit']],
        [1, { crossed: true, problem: 'PLC not connected' }],
      );
      silent = false;
      set(undefined);
      await polls(2);
      set('broken');
      await polls(2);
      assert.deepEqual([faultCalls.length, (await only())['x-medkit']?.crossed], [1, true]);
      forget();
      await polls(2);
      assert.match((await only())['x-medkit']?.problem ?? '', /no data at the moment/);
      assert.deepEqual(faultCalls, ['FAILED TANK_HIGH']);
    });
  });

  it('Q01: reads numbers, booleans, and numbers in text', () =>
    inPlant({}, async ({ create, set, polls, only }) => {
      await create({ operator: '>=', threshold: 1 });
      const values: readonly (readonly [unknown, number | undefined])[] = [
        [true, 1],
        [false, 0],
        [' 2.5e0 ', 2.5],
        [2n ** 60n, 2 ** 60],
        ['', undefined],
        [' ', undefined],
        ['.inf', Number.POSITIVE_INFINITY],
        ['-.inf', Number.NEGATIVE_INFINITY],
        ['NaN', undefined],
        ['.nan', undefined],
        [null, undefined],
        [[1], undefined],
      ];
      for (const [value, expected] of values) {
        set(value);
        await polls(1);
        assert.equal((await only())['x-medkit']?.value, expected, String(value));
      }
    }));

  it('reads the main number of a message, or the number at its path', () =>
    inPlant({}, async ({ create, set, polls, triggers, reports }) => {
      await create();
      await create({ path: '/axes/1/torque~1nm', fault_code: 'TORQUE' });
      await create({ data_name: '/pump/rpm', fault_code: 'FAST', threshold: 800 }, 'pump');
      set({ axes: [{}, { 'torque/nm': 90 }], temperature: 85, unit: 'C' });
      await polls(1);
      assert.deepEqual(
        reports.map(({ code, source, description }) => [code, source, description]),
        [
          ['TANK_HIGH', 'plc', 'level > 80'],
          ['TORQUE', 'plc', 'level/axes/1/torque~1nm > 80'],
          ['FAST', '/pump', '/pump/rpm > 800'],
        ],
      );
      set({ axes: [], temperature: 85, pressure: 2 });
      await polls(1);
      const problems = (await triggers.list('plc')).items.map((item) => item['x-medkit']?.problem);
      assert.match(problems[0] ?? '', /select one with "path"/);
      assert.match(problems[1] ?? '', /no number at \/axes\/1\/torque~1nm/);
    }));

  it('that is disabled is not evaluated', () =>
    inPlant({ level: 99 }, async ({ create, polls, faultCalls, triggers }) => {
      await create({ active: false });
      await polls(3);
      assert.deepEqual(faultCalls, []);
      await triggers.remove('plc', 'ftr_1');
    }));

  it('is read together with others of its item, and items without a value are read one after another', async () => {
    const reading: number[] = [];
    let underWay = 0;
    let watched = false;
    const waiting: (() => void)[] = [];
    const onCall = (): Promise<void> | void => {
      if (!watched) return undefined;
      reading.push(++underWay);
      return new Promise((resolve) => {
        waiting.push(() => {
          underWay--;
          resolve();
        });
      });
    };
    await inPlant({ names: ['level', 'a', 'b'], onCall }, async ({ create, polls, clock }) => {
      for (const [at, data_name] of ['level', 'level', 'a', 'b'].entries())
        await create({ data_name, fault_code: `F${at}` });
      watched = true;
      await polls(3);
      for (let answered = 1; answered <= 3; answered++) {
        assert.deepEqual([reading.length, underWay], [answered, 1]);
        waiting.shift()?.();
        await clock.advanceAsync(10);
      }
      await polls(1);
      assert.deepEqual(reading.slice(3), [1, 2, 3]);
      for (const answer of waiting) answer();
      watched = false;
    });
  });
});

describe('a rule whose fault cannot be reported', () => {
  it('is reported and cleared once that is possible, and states the reason meanwhile', async () => {
    let gone = true;
    const onFaultCall = () => {
      if (gone) throw new SovdError({ code: 'service-unavailable', message: 'no fault manager' });
    };
    await inPlant({ onFaultCall, level: 81 }, async ({ create, set, polls, faultCalls, only, logged }) => {
      await create();
      await polls(3);
      assert.equal((await only())['x-medkit']?.problem, 'no fault manager');
      assert.equal(logged.filter((line) => line.includes('no fault manager')).length, 1);
      gone = false;
      await polls(1);
      gone = true;
      set(20);
      await polls(2);
      gone = false;
      await polls(2);
      assert.deepEqual(faultCalls, ['FAILED TANK_HIGH', 'clear TANK_HIGH']);
      assert.deepEqual((await only())['x-medkit'], { crossed: false, value: 20 });
    });
  });

  it('is reported even if the disk of the rules fails', async () => {
    const memory = disk();
    await inPlant({ memory, level: 81 }, async ({ create, polls, faultCalls, only }) => {
      await create();
      memory.problem.value = 'the disk is full';
      await polls(2);
      assert.deepEqual(faultCalls, ['FAILED TANK_HIGH', 'FAILED TANK_HIGH']);
      assert.equal((await only())['x-medkit']?.problem, 'the disk is full');
      assert.equal(memory.rows.get(1)?.crossed, false);
      memory.problem.value = undefined as never;
      await polls(1);
      assert.equal(memory.rows.get(1)?.crossed, true);
    });
  });
});

describe('a crossed rule that is deleted', () => {
  it('Q01: clears its fault', () =>
    inPlant({ level: 81 }, async ({ create, polls, faultCalls, triggers }) => {
      await create();
      await polls(1);
      await triggers.remove('plc', 'ftr_1');
      await polls(2);
      assert.deepEqual(faultCalls, ['FAILED TANK_HIGH', 'clear TANK_HIGH']);
    }));

  it('Q01: is never reported again, whatever is in progress', async () => {
    const report = Promise.withResolvers<void>();
    const onFaultCall = (method: string) => (method === 'report' ? report.promise : undefined);
    await inPlant({ level: 81, onFaultCall }, async ({ create, polls, faultCalls, triggers }) => {
      await create();
      await polls(1);
      const removed = triggers.remove('plc', 'ftr_1');
      await polls(1);
      assert.deepEqual(faultCalls, []);
      report.resolve();
      await removed;
      await polls(2);
      assert.deepEqual(faultCalls, ['FAILED TANK_HIGH', 'clear TANK_HIGH']);
    });
  });

  it('stays, and is evaluated, if its fault cannot be cleared', async () => {
    let gone = false;
    const onFaultCall = () => {
      if (gone) throw new SovdError({ code: 'service-unavailable', message: 'no fault manager' });
    };
    await inPlant({ onFaultCall, level: 81 }, async ({ create, polls, triggers, faultCalls, only }) => {
      await create();
      await polls(1);
      gone = true;
      await assert.rejects(triggers.remove('plc', 'ftr_1'), { code: 'service-unavailable' });
      gone = false;
      await polls(1);
      assert.deepEqual([faultCalls.length, (await only()).id], [2, 'ftr_1']);
    });
  });
});

describe('rules after a restart', () => {
  it('Q01: exist, and clear what was crossed before and no longer is', async () => {
    const memory = disk();
    await inPlant({ memory, level: 81 }, async ({ create, polls }) => {
      await create();
      await polls(1);
    });
    await inPlant({ memory, level: 20 }, async ({ polls, faultCalls, only, create }) => {
      assert.deepEqual((await only())['x-medkit'], { crossed: true });
      await polls(3);
      assert.deepEqual(faultCalls, ['clear TANK_HIGH']);
      assert.equal((await create({ fault_code: 'B' })).id, 'ftr_2');
    });
  });

  it('are evaluated as soon as they can be read', async () => {
    const memory = disk();
    await inPlant({ memory }, async ({ create }) => void (await create()));
    memory.problem.value = 'the disk is gone';
    await inPlant({ memory, level: 81 }, async ({ triggers, polls, faultCalls, logged }) => {
      await assert.rejects(triggers.list('plc'), { code: 'service-unavailable', message: 'the disk is gone' });
      await assert.rejects(triggers.remove('plc', 'ftr_1'), { code: 'service-unavailable' });
      assert.match(logged.join(), /not evaluated, because they cannot be loaded: the disk is gone/);
      memory.problem.value = undefined as never;
      await polls(12);
      assert.equal(faultCalls[0], 'FAILED TANK_HIGH');
    });
  });
});

it('Q01: there are no rules if they are disabled', async () => {
  const { storage } = disk();
  const clock = new SimulatedClock();
  const model = await openModel({ runtimes: [memoryRuntime()], clock, log: () => undefined });
  await clock.advanceAsync(10);
  const triggers = openFaultTriggers({ enabled: false, model, clock, log: () => undefined, storage, pollMs: 1000 });
  const call = callContext({ clock, timeoutMs: 1000 });
  for (const request of [triggers.list('plc'), triggers.create('plc', RULE, call), triggers.remove('plc', 'ftr_1')]) {
    await assert.rejects(request, refused(/^fault-trigger engine is not enabled$/, 404));
  }
  await triggers.close();
  assert.equal(clock.timers, 0);
});

describe('a rule whose app was removed, and whose id an app of another gateway has', () => {
  it('reads nothing and keeps its fault unchanged, states the reason, and continues when its app is back', () =>
    inPlant({}, async ({ create, polls, forget, set, faultCalls, model, runtime, triggers, only }) => {
      await create();
      set(90);
      await polls(2);
      assert.ok(faultCalls.length > 0);
      const apps = model.tree.all('app');
      forget();
      const plc = app('plc', { address: { runtime: 'arm', nativeId: 'plc' } });
      const calls: string[] = [];
      const other = memoryRuntime({
        name: 'arm',
        origin: 'arm',
        apps: [plc],
        data: { plc: { level: { value: 1 } } },
        onCall: (nativeId) => void calls.push(nativeId),
      });
      await model.add(other);
      await polls(1);
      const reported = faultCalls.length;
      await polls(3);
      assert.deepEqual([faultCalls.length, calls], [reported, []]);
      const problem =
        'It is dormant: the app plc now belongs to the gateway arm, and the app of this gateway is not available';
      assert.deepEqual((await only())['x-medkit'], { crossed: true, problem });
      assert.deepEqual(
        triggers.health().warnings.map(({ code, entityIds, peerNames }) => [code, entityIds, peerNames]),
        [['entity_id_taken', ['plc'], ['arm']]],
      );
      assert.equal((await errorOf(create({ fault_code: 'OTHER' }))).code, 'not-implemented');
      runtime.tell({ apps });
      set(20);
      await polls(2);
      assert.deepEqual([faultCalls.at(-1), triggers.health().warnings], ['clear TANK_HIGH', []]);
    }));
});

describe('a fault trigger whose app gets another id', () => {
  it('follows it to that id, on disk too, and reports there', () => {
    const memory = disk();
    return inPlant({ memory, failing: ['plc', 'tank'] }, async (scene) => {
      const { create, set, polls, faultCalls, reports, runtime, model, triggers } = scene;
      await create();
      set(90);
      await polls(1);
      const apps = model.tree.all('app').map((each) => (each.id === 'plc' ? { ...each, id: 'tank' } : each));
      runtime.tell({ apps });
      await polls(1);
      set(95);
      await polls(2);
      assert.equal(reports.at(-1)?.source, 'tank');
      assert.equal((await triggers.list('tank')).items[0]?.fault_code, 'TANK_HIGH');
      assert.equal([...memory.rows.values()][0]?.appId, 'tank');
      set(20);
      await polls(2);
      assert.equal(faultCalls.at(-1), 'clear TANK_HIGH', 'the earlier id is no other source');
    });
  });

  it('follows it after a restart, also if the app appears later', async () => {
    const memory = disk();
    await inPlant({ memory }, async ({ create }) => void (await create()));
    const tank = app('tank', { aliases: ['plc'], address: { runtime: 'memory', nativeId: 'plc' } });
    for (const isLate of [false, true]) {
      await inPlant(
        { memory, level: 95, apps: isLate ? [] : [tank] },
        async ({ polls, reports, runtime, triggers }) => {
          if (isLate) runtime.tell({ apps: [tank] });
          await polls(2);
          assert.equal(reports.at(-1)?.source, 'tank');
          assert.equal((await triggers.list('tank')).items[0]?.fault_code, 'TANK_HIGH');
          assert.equal(memory.rows.get(1)?.appId, 'tank');
        },
      );
      await memory.storage.setApp(1, 'plc');
    }
  });
});
