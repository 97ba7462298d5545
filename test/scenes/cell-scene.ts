import { Sandbox } from './medkit-process.ts';

/** However busy the machine is with other tests: two robots start, and something goes wrong with each. */
const START_MS = 90_000;

/** The example with two robots and a gateway that shows both, on ports and domains of its own. */
export class CellScene implements AsyncDisposable {
  readonly sandbox: Sandbox;
  /** That of the first robot. */
  readonly domain: number;
  /** Of the gateway that shows both. */
  readonly url: string;

  private constructor(sandbox: Sandbox, domain: number, url: string) {
    this.sandbox = sandbox;
    this.domain = domain;
    this.url = url;
  }

  /** Starts it, and waits until the faults of both robots are seen. */
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
