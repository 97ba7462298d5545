import { Sandbox } from './medkit-process.ts';

/** Generous for a busy machine: two robots start, and each has a fault. */
const START_MS = 90_000;

/** The example with two robots and an aggregating gateway, on separate ports and domains. */
export class CellScene implements AsyncDisposable {
  readonly sandbox: Sandbox;
  /** Domain of the first robot. */
  readonly domain: number;
  /** Address of the aggregating gateway. */
  readonly url: string;

  private constructor(sandbox: Sandbox, domain: number, url: string) {
    this.sandbox = sandbox;
    this.domain = domain;
    this.url = url;
  }

  /** Starts it and waits until the faults of both robots are shown. */
  static async open(): Promise<CellScene> {
    const sandbox = new Sandbox();
    try {
      const domains = [await sandbox.domain(), await sandbox.domain()] as const;
      const cell = sandbox.example('examples/two-robots/cell.ts', ['--port', '0', '--domains', domains.join()]);
      const url = await cell.printed(/^both +(\S+)\/$/m, START_MS);
      await cell.printed(/^Ctrl-C ends it all/m, START_MS);
      return new CellScene(sandbox, domains[0], url);
    } catch (error) {
      await sandbox[Symbol.asyncDispose]();
      throw error;
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.sandbox[Symbol.asyncDispose]();
  }
}
