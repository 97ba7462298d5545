import assert from 'node:assert/strict';
import { type Random, seededRandom } from '@medkit/edges';
import { type CutPoint, connectRobot } from './connect-robot.ts';
import { MEMORY_DATABASES, type ModelDatabases } from './copy-store.ts';
import { HubKilled, ModelHub } from './model-hub.ts';
import { type Disk, ModelRobot } from './model-robot.ts';
import { ingestSessions, type ModelSession, stepSession } from './model-session.ts';
import { verifyModel } from './verify-model.ts';

const NAMES = ['amr-1', 'amr-2', 'amr-3', 'crane'];
const CODES = ['MOTOR', 'MAP', 'LIDAR', 'BRAKE', 'LINK'];
/** Root causes: most faults have none, or it becomes known or is forgotten while the fault is active. */
const CAUSES = [undefined, undefined, 'FUSE', 'ESTOP'];
const CUTS: readonly CutPoint[] = ['before-store', 'before-confirm', 'connects-again', 'after-confirm'];
/** Operations after which the fleet becomes quiet and is checked. */
const CHECKED_EACH = 200;
/** Steps after which a fleet without disturbances must be quiet. */
const MAX_QUIET_STEPS = 5000;

/** A hub and robots, of which each operation changes or disturbs one. The same seed does the same. */
export class FleetModel {
  readonly #random: Random;
  readonly #hub: ModelHub;
  /** Machines; two of them with one name are clones. */
  #machines: ModelRobot[] = [];
  #sessions: ModelSession[] = [];
  #backup: unknown | undefined;
  readonly #disks = new Map<string, Disk>();
  /** Robots of which two disks, or an older copy of a disk, have been in use. */
  readonly #suspects = new Set<string>();
  #seeds: number;
  /** Numbers of what happened, to show that a run reaches each case. */
  readonly #figures = { kills: 0, clones: 0, replaced: 0, restored: 0, checks: 0 };

  private constructor(hub: ModelHub, seed: number) {
    this.#hub = hub;
    this.#random = seededRandom(seed);
    this.#seeds = seed * 1000;
  }

  /** Enrols and approves the robots. */
  static async start(seed: number, databases: ModelDatabases = MEMORY_DATABASES): Promise<FleetModel> {
    const model = new FleetModel(await ModelHub.start(seed, databases), seed);
    for (const name of NAMES) {
      const robot = await model.#machine(name, { key: model.#newKey(name) });
      const { code } = await model.#hub.fleet.invite({ robot: name, auto_approve: true }, 'ada');
      await model.#enrol(robot, code);
    }
    model.#backup = await model.#hub.backUp();
    return model;
  }

  /** Runs operations. Throws an `AssertionError` if an invariant does not hold. */
  async run(operations: number): Promise<void> {
    for (let count = 1; count <= operations; count += 1) {
      await this.#survive(() => this.#operate());
      if (count % CHECKED_EACH === 0 || count === operations) await this.#check();
    }
  }

  /** Returns how often each case was reached. */
  async figures(): Promise<Readonly<Record<string, number>>> {
    const [row] = await this.#hub.store.read(
      `SELECT count(*) AS records, count(*) FILTER (WHERE kind = 'hole') AS holes,
         count(*) FILTER (WHERE kind = 'gap') AS gaps FROM fleet_events`,
    );
    return { ...this.#figures, records: Number(row?.records), holes: Number(row?.holes), gaps: Number(row?.gaps) };
  }

  close(): Promise<void> {
    return this.#hub.close();
  }

  async #operate(): Promise<void> {
    const robot = this.#pick(this.#machines);
    const operations: readonly (readonly [weight: number, () => Promise<unknown> | unknown])[] = [
      [18, () => robot.confirmFault(this.#pick(CODES), this.#pick([0, 1, 2, 3] as const), this.#pick(CAUSES))],
      [10, () => robot.healFault(this.#pick(CODES), this.#pick(CAUSES))],
      [5, () => robot.updateFault(this.#pick(CODES), this.#pick(CAUSES))],
      [60, () => this.#step()],
      [6, () => this.#batch()],
      [8, () => this.#connect(robot)],
      [3, () => this.#connect(robot, this.#pick(CUTS))],
      [3, () => this.#cut(this.#chance(0.5))],
      [3, () => this.#repeat()],
      [3, () => this.#overtake()],
      [2, () => robot.restart()],
      [
        3,
        () =>
          this.#hub.killAt(
            this.#pick(['before-commit', 'after-commit'] as const),
            Math.floor(this.#random.float() * 4),
          ),
      ],
      [1, () => this.#restartHub()],
      [1, () => this.#backUpHub()],
      [0.5, () => this.#restartHub(this.#backup)],
      [1, async () => void this.#disks.set(robot.address, await robot.disk())],
      [0.5, () => this.#restoreDisk(robot)],
      [0.5, () => this.#clone(robot)],
      [2, () => robot.clock.stepWall((this.#random.float() - 0.5) * 1e10)],
      [0.5, () => this.#hub.clock.stepWall((this.#random.float() - 0.5) * 1e8)],
      [4, () => robot.clock.advanceAsync(this.#random.float() * 5000, 1000)],
      [4, () => this.#hub.clock.advance(this.#random.float() * 5000)],
      [1.5, () => this.#fillLog(robot)],
      [0.5, () => this.#hub.fleet.revoke(robot.name)],
      [0.5, () => this.#replace(robot)],
      [3, () => this.#decide(robot)],
    ];
    const total = operations.reduce((sum, [weight]) => sum + weight, 0);
    let place = this.#random.float() * total;
    for (const [weight, operate] of operations) {
      place -= weight;
      if (place < 0) return void (await operate());
    }
  }

  /** Ends all disturbances, lets every robot connect and be read to its end, and checks the invariants. */
  async #check(): Promise<void> {
    for (const name of NAMES) {
      const [, ...clones] = this.#machines.filter((machine) => machine.name === name);
      for (const clone of clones) this.#destroy(clone);
    }
    if (this.#chance(0.5)) await this.#restartHub();
    else this.#hub.spare();
    do {
      for (const name of NAMES) await this.#connectAgain(name);
      await this.#readToEnd();
    } while (!NAMES.every((name) => this.#sessionOf(this.#machineOf(name))));
    await verifyModel(this.#hub, this.#machines);
    this.#figures.checks += 1;
  }

  /** Connects a robot until the hub accepts it. */
  async #connectAgain(name: string): Promise<void> {
    for (let tries = 0; !this.#sessionOf(this.#machineOf(name)); tries += 1) {
      const robot = this.#machineOf(name);
      assert.ok(tries < 10, `${name} cannot connect: ${robot.refused}`);
      await robot.clock.advanceAsync(4000, 1000);
      await this.#connect(robot);
      if (robot.refused !== undefined) await this.#decide(robot);
    }
  }

  async #readToEnd(): Promise<void> {
    for (let steps = 0; steps < MAX_QUIET_STEPS; steps += 1) {
      let isQuiet = true;
      for (const session of this.#sessions) {
        if (!(await stepSession(session, this.#hub, this.#random.float()))) isQuiet = false;
      }
      if (isQuiet) return;
    }
    assert.fail(`sessions are not quiet after ${MAX_QUIET_STEPS} steps`);
  }

  /** Runs work during which the hub may be killed; then it is started again. */
  async #survive(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof HubKilled)) throw error;
      this.#figures.kills += 1;
      await this.#restartHub();
    }
  }

  async #step(): Promise<void> {
    if (this.#sessions.length === 0) return;
    await stepSession(this.#pick(this.#sessions), this.#hub, this.#random.float());
    this.#sessions = this.#sessions.filter(({ next }) => next !== 'ended');
  }

  /** Stores what several robots have sent, in one batch. */
  async #batch(): Promise<void> {
    const waiting = this.#sessions.filter(({ next }) => next === 'ingest');
    const first = new Map(waiting.map((session) => [session.robot.name, session]));
    if (first.size > 0) await ingestSessions([...first.values()], this.#hub);
  }

  /** Stores the last part of a session again, as after a reply that was lost. */
  async #repeat(): Promise<void> {
    const { last } = this.#sessions.length > 0 ? this.#pick(this.#sessions) : {};
    if (last) assert.deepEqual([...(await this.#hub.fleet.ingest([last])).values()], ['fenced']);
  }

  /** Lets the robot of a session connect again and report a change, before the hub stores what it has received. */
  async #overtake(): Promise<void> {
    const waiting = this.#sessions.filter(({ next }) => next === 'store-state' || next === 'ingest');
    if (waiting.length === 0) return;
    const session = this.#pick(waiting);
    const { robot } = session;
    await robot.confirmFault(this.#pick(CODES), this.#pick([0, 1, 2, 3] as const));
    await this.#connect(robot);
    const newer = this.#sessionOf(robot);
    for (let steps = 0; newer && steps < 2; steps += 1) await stepSession(newer, this.#hub, this.#random.float());
    await stepSession(session, this.#hub, this.#random.float());
  }

  async #connect(robot: ModelRobot, cut?: CutPoint): Promise<void> {
    const session = await connectRobot(robot, this.#hub, cut);
    if (robot.refused === 'cloned') {
      this.#figures.clones += 1;
      assert.ok(this.#suspects.has(robot.name), `${robot.name} has one disk, which was never an older copy`);
    }
    if (!session) return;
    // An earlier connection may stay open at both ends for a while.
    for (const earlier of this.#sessions) {
      if (earlier.robot.name === robot.name) earlier.isOpen &&= this.#chance(0.3);
    }
    this.#sessions.push(session);
  }

  /** Cuts a connection; the hub may notice it, or may still store what it has received. */
  async #cut(isNoticed: boolean): Promise<void> {
    if (this.#sessions.length === 0) return;
    const session = this.#pick(this.#sessions);
    session.isOpen = false;
    if (!isNoticed) return;
    session.next = 'ended';
    await this.#hub.fleet.disconnected(session.robot.name, session.epoch, 'the network is lost');
  }

  async #restartHub(copy?: unknown): Promise<void> {
    this.#sessions = [];
    if (!copy) return this.#hub.restart();
    this.#figures.restored += 1;
    await this.#hub.restore(copy);
  }

  async #backUpHub(): Promise<void> {
    this.#backup = await this.#hub.backUp();
  }

  async #restoreDisk(robot: ModelRobot): Promise<void> {
    const disk = this.#disks.get(robot.address);
    // A disk from a time before its key was replaced belongs to no robot any more.
    if (!disk || disk.key !== robot.key) return;
    this.#destroy(robot);
    this.#suspects.add(robot.name);
    await this.#machine(robot.name, disk);
  }

  async #clone(robot: ModelRobot): Promise<void> {
    if (this.#machines.filter(({ name }) => name === robot.name).length > 1) return;
    this.#suspects.add(robot.name);
    await this.#machine(robot.name, await robot.disk());
  }

  async #fillLog(robot: ModelRobot): Promise<void> {
    for (let count = 0; count < 30; count += 1) await robot.changeTree(500);
    await robot.log.tidy();
  }

  /** A new machine with an empty disk takes the place of a robot. */
  async #replace(robot: ModelRobot): Promise<void> {
    this.#figures.replaced += 1;
    const { code } = await this.#hub.fleet.replace(robot.name, 'ada');
    for (const machine of this.#machines.filter(({ name }) => name === robot.name)) this.#destroy(machine);
    const machine = await this.#machine(robot.name, { key: this.#newKey(robot.name) });
    await this.#survive(() => this.#enrol(machine, code));
  }

  async #enrol(robot: ModelRobot, code: string): Promise<void> {
    const { address, key } = robot;
    const request = { v: [1], enrol: code, machine: { serial: address } };
    const enrolled = await this.#hub.fleet.record({ address }).enrol(key, request);
    assert.ok('robot' in enrolled, `${robot.name} is not enrolled: ${JSON.stringify(enrolled)}`);
    assert.deepEqual(await this.#hub.fleet.record({ address }).enrol(key, request), enrolled, 'the same result');
  }

  /** A person decides about a robot that the hub refuses. */
  async #decide(robot: ModelRobot): Promise<void> {
    const { fleet } = this.#hub;
    const { name, refused } = robot;
    const state = (await fleet.robot(name))?.state;
    robot.refused = undefined;
    if (state === 'pending') await fleet.approve(name, 'ada');
    else if (state === 'quarantined' && this.#chance(0.7)) await fleet.settle(name, 'keep', 'ada');
    else if (refused === 'unknown') await this.#enrol(robot, (await fleet.replace(name, 'ada')).code);
    else if (state === 'quarantined' || refused === 'revoked') await this.#replace(robot);
  }

  async #machine(name: string, disk: Partial<Disk> & Pick<Disk, 'key'>): Promise<ModelRobot> {
    this.#seeds += 100;
    const machine = await ModelRobot.start(name, `machine ${this.#seeds}`, disk, this.#seeds);
    this.#machines.push(machine);
    return machine;
  }

  #destroy(machine: ModelRobot): void {
    this.#machines = this.#machines.filter((each) => each !== machine);
    for (const session of this.#sessions) if (session.robot === machine) session.isOpen = false;
  }

  #machineOf(name: string): ModelRobot {
    return this.#machines.find((machine) => machine.name === name)!;
  }

  /** Returns the session that has the lease and reads from the running program of a robot. */
  #sessionOf(robot: ModelRobot): ModelSession | undefined {
    return this.#sessions.find(
      (session) =>
        session.robot === robot &&
        session.start === robot.starts &&
        session.isOpen &&
        session.next !== 'ended' &&
        this.#hub.leases.get(robot.name) === session.epoch,
    );
  }

  #newKey(name: string): string {
    this.#seeds += 1;
    return `KEY ${name} ${this.#seeds}`;
  }

  #pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.#random.float() * items.length)] as T;
  }

  #chance(probability: number): boolean {
    return this.#random.float() < probability;
  }
}
